// The relay's limits, each with its unit and its reason (RELAY). One home; all configurable.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/time.h"

namespace parley::relay {

using namespace std::chrono_literals;

struct Limits {
    /// From the connection to its Join: who has nothing to say is not kept.
    Duration join_deadline = 10s;
    /// From the first byte of a length to the whole length, and from there to the whole frame.
    Duration length_deadline = 5s;
    Duration frame_deadline = 30s;
    /// Without a byte for this long a connection is dead: clients ping after 30 s.
    Duration idle_deadline = 90s;

    /// Charged bytes waiting for one connection. Beyond, its reader is slow: it is cut and resumes
    /// from the room's memory, so that it neither stops the room nor fills the relay.
    std::size_t out_queue = 1U << 20U;
    /// Charged bytes kept for one room, and of those posted by one seat and not yet acknowledged.
    /// A post that does not fit is answered Full; what was accepted is never evicted by it.
    std::size_t room_memory = 8U << 20U;
    std::size_t seat_share = 2U << 20U;
    /// Charged bytes in all rooms of one loop; from 80 % on no new rooms.
    std::size_t total_memory = 1U << 30U;

    /// Each object pays what it costs beside its bytes.
    std::size_t payload_overhead = 96;
    std::size_t room_overhead = 1024;

    std::size_t seats_per_room = 256;
    /// Joins of one room: so many at once, then so many a second.
    std::size_t join_burst = 20;
    std::size_t joins_per_second = 10;

    /// How long an away seat is kept: what clients get who ask for more.
    std::chrono::seconds longest_grace = 24h;

    /// Not yet joined: beyond, new connections are refused.
    std::size_t not_joined = 512;
};

}  // namespace parley::relay
