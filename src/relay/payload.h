// Sealed bodies in memory: one reference-counted block however many seats it goes to, taken from a pool. When
// the last one lets go it holds the next ones or is wiped, at the latest when the pool is asked to.
#pragma once

#include <array>
#include <utility>

#include "base/bytes.h"

namespace parley::relay {

class PayloadPool;

/// What stands in front of the bytes of a block.
struct Block {
    PayloadPool* pool;
    Block* next_free;
    Block* within;             ///< whose bytes these are a piece of; none: its own
    std::uint8_t* data;        ///< they begin here
    std::uint32_t references;  ///< of any kind; not atomic: a block lives on one loop
    std::uint32_t holders;     ///< seats that have not acknowledged it: while > 0 it is charged
    std::uint32_t size;
    std::uint32_t steps;   ///< how large it may become, as the pool counts
    std::uint32_t stale;   ///< bytes from its beginning that may hold what it held before
    std::uint32_t charge;  ///< what it costs its room and its author beside its notes
    std::uint32_t author;  ///< the share of the seat that posted it
};

class Payload {
public:
    Payload() = default;
    explicit Payload(Block* block) : block_(block) {}
    Payload(const Payload& other) : block_(other.block_) {
        if (block_ != nullptr) ++block_->references;
    }
    Payload(Payload&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    Payload& operator=(Payload other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~Payload() { release(); }

    explicit operator bool() const { return block_ != nullptr; }
    ByteView view() const { return block_ ? ByteView(block_->data, block_->size) : ByteView(); }
    std::size_t size() const { return block_ ? block_->size : 0; }
    Block& block() const { return *block_; }

private:
    void release();

    Block* block_ = nullptr;
};

/// Blocks in steps of 64 bytes, so that none costs much more than it is charged. Freed ones are
/// kept for reuse up to a bound: a steady stream allocates nothing, a burst does not stay for ever.
class PayloadPool {
public:
    static constexpr std::size_t largest = 256U << 10U;

    PayloadPool() = default;
    PayloadPool(const PayloadPool&) = delete;
    PayloadPool& operator=(const PayloadPool&) = delete;
    ~PayloadPool();

    /// A block that holds these bytes.
    Payload make(ByteView bytes);
    /// One of so many that are still to be written.
    Payload open(std::size_t size);
    /// A piece of what another holds, which stays for it. It is wiped when it is let go.
    Payload piece(const Payload& whole, ByteView of_it);

    /// Free blocks hold what they held until then, or until they hold something new.
    bool has_stale() const { return stale_; }
    void wipe_stale();

    /// Beside those of the largest size, which hold what many pieces show.
    std::size_t blocks_in_use() const { return in_use_ - largest_in_use_; }
    std::size_t largest_in_use() const { return largest_in_use_; }

private:
    friend class Payload;
    Block* take(std::size_t steps);
    void take_back(Block* block);

    static constexpr std::size_t step = 64;
    static constexpr std::size_t kept_bytes = 4U << 20U;  ///< of free blocks, all sizes together
    static std::size_t steps_of(std::size_t size) { return (size + step - 1) / step; }

    std::array<Block*, largest / step + 2> free_{};  ///< by size in steps
    std::size_t free_bytes_ = 0;
    std::size_t in_use_ = 0;
    std::size_t largest_in_use_ = 0;
    bool stale_ = false;
};

inline void Payload::release() {
    if (block_ != nullptr && --block_->references == 0) block_->pool->take_back(block_);
}

}  // namespace parley::relay
