// Where a loop reads: frames that are to be kept stay where they came to lie, as long as that is worth its memory.
#pragma once

#include <algorithm>

#include "relay/payload.h"

namespace parley::relay {

class Intake {
public:
    /// What one read may bring.
    static constexpr std::size_t size = PayloadPool::largest;

    explicit Intake(PayloadPool& pool) : pool_(pool) {}

    /// Where the next read goes: nothing that was kept lies there.
    MutableBytes next();
    /// So many bytes came there.
    void on_read(std::size_t bytes) { written_to_ = std::max(written_to_, free_from_ + bytes); }
    /// These bytes, if they are some that were read.
    std::uint8_t* place_of(ByteView bytes) const;
    /// They stay, or a copy of them.
    Payload keep(ByteView read);

    /// What was read and not kept lies there until then, or until something new does.
    bool has_stale() const { return written_to_ > free_from_; }
    void wipe_stale();

private:
    /// A copy of less costs next to nothing, and frees the place.
    static constexpr std::size_t worth_keeping = 8U << 10U;
    /// With less space a read would bring too little.
    static constexpr std::size_t least = 132U << 10U;
    /// A slow reader's few kilobytes hold a whole buffer: beyond so many, 32 MiB, everything is copied.
    static constexpr std::size_t most_kept = 128;

    PayloadPool& pool_;
    Payload buffer_;
    std::size_t free_from_ = 0;   ///< in front of it lies what is kept, and zeros
    std::size_t written_to_ = 0;  ///< from `free_from_` on, what was read and has been dealt with
};

}  // namespace parley::relay
