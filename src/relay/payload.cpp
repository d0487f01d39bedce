#include "relay/payload.h"

#include <algorithm>
#include <new>

#include "base/ensure.h"

namespace parley::relay {
namespace {

void wipe_block(Block& block) { wipe({block.data, std::exchange(block.stale, 0)}); }

std::uint8_t* bytes_behind(Block* block) { return reinterpret_cast<std::uint8_t*>(block + 1); }

}  // namespace

PayloadPool::~PayloadPool() {
    ensure(in_use_ == 0, "no payload outlives its pool");
    wipe_stale();
    for (auto* block : free_) {
        while (block != nullptr) ::operator delete(std::exchange(block, block->next_free));
    }
}

Payload PayloadPool::make(ByteView bytes) {
    auto payload = open(bytes.size());
    put(bytes, payload.block().data);
    return payload;
}

Payload PayloadPool::open(std::size_t size) {
    ensure(size <= largest, "a payload has its limit");
    const auto steps = steps_of(size);
    auto* block = take(steps);
    *block = Block{.pool = this,
                   .next_free = nullptr,
                   .within = nullptr,
                   .data = bytes_behind(block),
                   .references = 1,
                   .holders = 0,
                   .size = static_cast<std::uint32_t>(size),
                   .steps = static_cast<std::uint32_t>(steps),
                   .stale = block->stale,
                   .charge = 0,
                   .author = 0};
    ++in_use_;
    if (steps == steps_of(largest)) ++largest_in_use_;
    return Payload(block);
}

Payload PayloadPool::piece(const Payload& whole, ByteView of_it) {
    auto payload = open(0);
    auto& block = payload.block();
    auto& owner = whole.block();
    block.within = &owner;
    block.data = owner.data + (of_it.data() - owner.data);
    block.size = static_cast<std::uint32_t>(of_it.size());
    ++owner.references;
    return payload;
}

Block* PayloadPool::take(std::size_t steps) {
    auto* block = free_[steps];
    if (block == nullptr) return new (::operator new(sizeof(Block) + steps * step)) Block{};
    free_[steps] = block->next_free;
    free_bytes_ -= steps * step;
    return block;
}

void PayloadPool::take_back(Block* block) {
    --in_use_;
    if (block->steps == steps_of(largest)) --largest_in_use_;
    if (auto* whole = std::exchange(block->within, nullptr)) {
        wipe({block->data, block->size});  // at once: the others of that block may stay for long
        block->data = bytes_behind(block);
        block->size = 0;
        Payload let_go(whole);
    }
    block->stale = std::max(block->stale, block->size);
    const std::size_t steps = block->steps;
    if (free_bytes_ + steps * step > kept_bytes) {
        wipe_block(*block);
        return ::operator delete(block);
    }
    stale_ = true;
    free_bytes_ += steps * step;
    block->next_free = free_[steps];
    free_[steps] = block;
}

void PayloadPool::wipe_stale() {
    for (auto* block : free_) {
        for (; block != nullptr; block = block->next_free) wipe_block(*block);
    }
    stale_ = false;
}

}  // namespace parley::relay
