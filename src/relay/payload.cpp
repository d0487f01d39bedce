#include "relay/payload.h"

#include <cstring>
#include <new>

#include "base/ensure.h"

namespace parley::relay {
namespace {

/// memcpy may not be given the null pointer of an empty view.
void put(ByteView bytes, std::uint8_t* at) {
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
}

}  // namespace

PayloadPool::~PayloadPool() {
    ensure(in_use_ == 0, "no payload outlives its pool");
    for (auto* block : free_) {
        while (block != nullptr) ::operator delete(std::exchange(block, block->next_free));
    }
}

Payload PayloadPool::make(ByteView head, ByteView body) {
    const auto size = head.size() + body.size();
    ensure(size <= largest, "a payload is at most one frame");
    auto* block = take(steps_of(size));
    *block = Block{this, nullptr, 1, 0, static_cast<std::uint32_t>(size), 0, 0};
    put(head, block->bytes());
    put(body, block->bytes() + head.size());
    ++in_use_;
    return Payload(block);
}

Block* PayloadPool::take(std::size_t steps) {
    auto* block = free_[steps];
    if (block == nullptr) return static_cast<Block*>(::operator new(sizeof(Block) + steps * step));
    free_[steps] = block->next_free;
    free_bytes_ -= steps * step;
    return block;
}

void PayloadPool::take_back(Block* block) {
    // What leaves memory is wiped, also before the block serves again.
    wipe({block->bytes(), block->size});
    --in_use_;
    const auto steps = steps_of(block->size);
    if (free_bytes_ + steps * step > kept_bytes) return ::operator delete(block);
    free_bytes_ += steps * step;
    block->next_free = free_[steps];
    free_[steps] = block;
}

}  // namespace parley::relay
