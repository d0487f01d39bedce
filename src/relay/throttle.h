// What one connection may send. Beyond, it is not read for a while: its bytes wait in the kernel, and
// TCP slows its sender. Nothing is dropped (FAULTS F15).
#pragma once

#include "relay/limits.h"

namespace parley::relay {

class Throttle {
public:
    /// After each turn of reading.
    void on_read(const Limits& limits, std::size_t bytes, std::size_t frames, Time now) {
        bytes_.spend(limits.receive, bytes, now);
        frames_.spend(limits.receive_frames, frames, now);
    }
    /// How long it is not read now.
    Duration pause(const Limits& limits, Time now) const {
        return std::max(bytes_.wait(limits.receive, 0, now), frames_.wait(limits.receive_frames, 0, now));
    }

private:
    Meter bytes_;
    Meter frames_;
};

}  // namespace parley::relay
