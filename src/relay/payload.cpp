#include "relay/payload.h"

#include <algorithm>
#include <new>

#include "base/ensure.h"

namespace parley::relay {
namespace {

void wipe_block(Block& block) { wipe({block.bytes(), std::exchange(block.stale, 0)}); }

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
    put(bytes, extend(payload, bytes.size()).data());
    return payload;
}

Payload PayloadPool::open(std::size_t capacity) {
    ensure(capacity <= largest, "a payload is at most one frame");
    const auto steps = steps_of(capacity);
    auto* block = take(steps);
    *block = Block{this, nullptr, 1, 0, 0, static_cast<std::uint32_t>(steps), block->stale, 0, 0};
    ++in_use_;
    return Payload(block);
}

Payload PayloadPool::close(Payload opened) {
    const auto& block = opened.block();
    const auto needed = steps_of(block.size);
    if (block.steps - needed <= needed / 8) return opened;
    auto fitting = make(opened.view());
    fitting.block().charge = block.charge;
    fitting.block().author = block.author;
    return fitting;
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
