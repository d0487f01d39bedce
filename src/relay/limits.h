// The relay's limits, each with its unit and its reason (RELAY). One home; all configurable.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/time.h"
#include "relay/rate.h"

namespace parley::relay {

using namespace std::chrono_literals;

struct Limits {
    /// From the connection to its Join: who has nothing to say is not kept.
    Duration join_deadline = 10s;
    /// From the first byte of a length to the whole length, and from there to the whole frame.
    Duration length_deadline = 5s;
    Duration frame_deadline = 30s;
    /// Of TLS, and of WebSocket: who does not finish one is not waited for.
    Duration handshake_deadline = 5s;
    /// With something to write, without taking any of it; and, in the kernel, without acknowledging any of it: a
    /// machine that has vanished is not held for as long as TCP would hope.
    Duration write_deadline = 10s;
    Duration user_timeout = 15s;
    /// Without a byte for this long a connection is dead: clients ping after 30 s.
    Duration idle_deadline = 90s;

    /// Bytes waiting for one connection. Beyond, its reader is slow: it is cut and resumes
    /// from the room's memory, so that it neither stops the room nor fills the relay.
    std::size_t out_queue = 1U << 20U;
    /// How long a Posted may wait for company: mostly an answer to what was posted follows at once, and both
    /// leave in one write. Nobody sees so little.
    Duration posted_delay = 25ms;
    /// But not with so many bytes posted: their author keeps them until then.
    std::size_t posted_at_once = 1U << 20U;
    /// What was acknowledged is wiped by then, unless something new lies over it already.
    Duration wipe_delay = 1s;
    /// Charged bytes kept for one room, and of those posted by one seat and not yet acknowledged.
    /// A post that does not fit is answered Full; what was accepted is never evicted by it.
    std::size_t room_memory = 8U << 20U;
    std::size_t seat_share = 2U << 20U;
    /// Charged bytes in all; beyond, posts are answered Full.
    std::size_t total_memory = 1U << 30U;
    /// Parts of it in percent: from here on no new rooms and connections, so that those who are in
    /// can go on; from there on the largest room forgets, and says so with a Gap.
    std::size_t no_newcomers_percent = 80;
    std::size_t forget_percent = 95;

    /// Each object pays what it costs beside its bytes: a body, each further receiver's note of a run of
    /// them, a seat with the largest card, a connection with its TLS, a room.
    std::size_t payload_overhead = 96;
    std::size_t note_overhead = 48;
    std::size_t seat_overhead = 4096;
    std::size_t connection_overhead = 24U << 10U;
    std::size_t room_overhead = 1024;

    std::size_t seats_per_room = 256;
    /// Joins of one room: so many at once, as when all of a room come back after a restart, then so
    /// many a second: each is told to everyone.
    Rate joins{.per_second = 10, .burst = 20};

    /// How long an away seat is kept: what clients get who ask for more.
    Duration longest_grace = 24h;

    /// Handshakes of TLS or WebSocket that one loop has in flight: beyond, who connects is turned away. Each costs
    /// about a third of a millisecond, so that this many are done well before their deadline of 5 s.
    std::size_t handshakes = 1024;

    /// Not yet joined: beyond, new connections are refused; from the smaller number on at random,
    /// so that a flood of silent ones leaves chances to everyone else.
    std::size_t not_joined = 512;
    std::size_t not_joined_early = 128;

    /// Connections in all; `most_connections` says how many the machine has room for.
    std::size_t connections = 19'800;
    /// Per IPv4 address or IPv6 /64, with a household or an office behind one in mind.
    std::size_t connections_per_address = 64;
    Rate fresh_per_address{.per_second = 5, .burst = 20};
    /// A TLS handshake costs 0.3 ms: new connections take at most a sixth of a core.
    Rate fresh_in_all{.per_second = 500, .burst = 500};

    /// What an offence costs its address, and how much can add up.
    Duration protocol_error_penalty = 5s;
    Duration refused_input_penalty = 10s;
    Duration longest_penalty = 600s;
    /// Of addresses without a connection; beyond, the oldest is forgotten. In memory only.
    std::size_t addresses_remembered = 65'536;

    /// What one connection may send, in bytes and in frames.
    Rate receive{.per_second = 8U << 20U, .burst = 16U << 20U};
    Rate receive_frames{.per_second = 2'000, .burst = 4'000};
};

/// After a planned stop everybody is asked to come back in turns that take no longer than this.
inline constexpr std::chrono::seconds longest_turn{20};

/// Descriptors kept for listeners, certificates and whoever is turned away.
inline constexpr std::size_t spare_descriptors = 200;
/// Connections that a process with so many descriptors may have.
constexpr std::size_t most_connections(std::size_t descriptors) {
    return descriptors >= 2 * spare_descriptors ? descriptors - spare_descriptors : descriptors / 2;
}

/// What is one loop's of the limits that count for all of them.
constexpr Limits share_of(Limits limits, std::size_t loops) {
    limits.total_memory /= loops;
    limits.not_joined = (limits.not_joined + loops - 1) / loops;
    limits.not_joined_early = (limits.not_joined_early + loops - 1) / loops;
    return limits;
}

}  // namespace parley::relay
