#include "relay/payload.h"

#include <new>

#include "base/ensure.h"

namespace parley::relay {

PayloadPool::~PayloadPool() {
    ensure(in_use_ == 0, "no payload outlives its pool");
    for (auto* block : free_) {
        while (block != nullptr) {
            auto* next = block->next_free;
            ::operator delete(block);
            block = next;
        }
    }
}

Payload PayloadPool::make(ByteView bytes) {
    std::uint32_t size_class = 0;
    while (sizes[size_class] < bytes.size()) {
        ++size_class;
        ensure(size_class < sizes.size(), "a payload fits the largest block");
    }
    auto* block = free_[size_class];
    if (block != nullptr) {
        free_[size_class] = block->next_free;
        free_bytes_ -= sizes[size_class];
    } else {
        block = static_cast<Block*>(::operator new(sizeof(Block) + sizes[size_class]));
    }
    *block = Block{this, nullptr, 1, 0, static_cast<std::uint32_t>(bytes.size()), size_class, 0};
    std::ranges::copy(bytes, block->bytes());
    ++in_use_;
    return Payload(block);
}

void PayloadPool::take_back(Block* block) {
    // What leaves memory is wiped, also before the block serves again.
    wipe({block->bytes(), block->size});
    --in_use_;
    const auto size = sizes[block->size_class];
    if (free_bytes_ + size > kept_bytes) return ::operator delete(block);
    free_bytes_ += size;
    block->next_free = free_[block->size_class];
    free_[block->size_class] = block;
}

}  // namespace parley::relay
