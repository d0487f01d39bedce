// The client's limits: each with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "ratchet/limits.h"

namespace parley::client {

using namespace std::chrono_literals;

/// People in a room by pairwise sessions (PROTOCOL 5): beyond this, sealing for each costs too much.
inline constexpr std::size_t max_people = 16;

/// Bytes of UTF-8 in one text (PROTOCOL 4.1): leaves room for acknowledgements and heads.
inline constexpr std::size_t max_text = 60'000;

/// Seconds a text may ask to live (a year): beyond, it is no wish but a mistake.
inline constexpr std::uint32_t max_ttl_seconds = 366 * 24 * 3600;

/// While somebody types this is told once in so long, and believed a little longer.
inline constexpr Duration typing_refresh = 4s;
inline constexpr Duration typing_believed = 8s;

/// Contents on their way to one peer that it has not acknowledged inside the session (PROTOCOL 3.7):
/// half of what its ratchet is ready to skip, so that no gap makes a session unusable.
inline constexpr std::size_t max_outstanding = 500;

/// While somebody's file comes in, a save reserves keys for telling how far it is, so that not every word of it
/// waits for a disk: few at first, twice as many each time they are used up. A crash skips what was left of them,
/// and who crashes again and again has not used many.
inline constexpr std::uint32_t first_keys_reserved = 8;
inline constexpr std::uint32_t most_keys_reserved = 240;
/// Signals of one person that may be read without a save: a crash forgets their keys, and the next one skips them.
inline constexpr std::size_t max_unsaved_signals = 240;
// Whatever both sides lose at once, the next message is not too far ahead to be opened.
static_assert(max_outstanding + most_keys_reserved + max_unsaved_signals < ratchet::max_skip);

/// Ranges of numbers beyond a hole that one acknowledgement tells.
inline constexpr std::size_t max_ack_ranges = 16;

/// Contents that wait behind a hole, per author. The relay keeps one order, so holes are short.
inline constexpr std::size_t max_held = 1'000;

/// Hashes of an author's last contents, to tell a repetition from a fork.
inline constexpr std::size_t max_remembered = 1'000;

/// A private ephemeral lives at most this long (PROTOCOL 3.1).
inline constexpr Duration handshake_lifetime = 60s;
/// Without an Init for this long, the responder says Hello (PROTOCOL 3.2).
inline constexpr Duration hello_delay = 5s;
/// Somebody says Hello beside a session that is in use, which proves nothing: so long the session may answer, longer
/// than a frame goes round. Then a handshake begins, no later than one that nobody interferes with would.
inline constexpr Duration answer_patience = 5s;
/// A seat that showed a card and proved nothing for this long is named.
inline constexpr Duration handshake_patience = 30s;

/// An Ack waits this long for something to travel with, but not with so many bytes kept for us: the relay counts
/// them to their author until then.
inline constexpr Duration relay_ack_delay = 25ms;
inline constexpr std::size_t relay_ack_bytes = 64U << 10U;
/// Acknowledgements inside the session wait this long for a content to travel with.
inline constexpr Duration ack_delay = 50ms;
/// Contents behind a hole wait this long for it to be filled, then they are shown as they are.
inline constexpr Duration hole_patience = 3s;
/// Somebody saw a content that did not come here: this long it may be in flight.
inline constexpr Duration withheld_patience = 10s;
/// A roster may differ this long while people come and go (PROTOCOL 4.2).
inline constexpr Duration roster_patience = 30s;
/// Without an acknowledgement for this long the sealed bytes are posted again.
inline constexpr Duration repost_delay = 30s;
/// What is said while somebody is shaking hands waits this long, so that it reaches that person too.
inline constexpr Duration newcomer_patience = 3s;
/// Repetitions are to be expected this long after a reconnect.
inline constexpr Duration recovery_time = 60s;
/// Whose connection ends again and again is not excused again and again from comparing rosters.
inline constexpr Duration excuse_pause = 10min;

/// First and longest wait before connecting again; the wait is drawn between `first` and a cap
/// that doubles, so that a thousand clients do not come back in one moment.
inline constexpr Duration first_retry = 250ms;
inline constexpr Duration longest_retry = 20s;
/// The relay said that it has no memory left: this long before the next try.
inline constexpr Duration full_retry = 1s;

/// Silence after which the client pings, and Pongs it may miss (PROTOCOL 6).
inline constexpr Duration ping_after = 30s;
inline constexpr int max_missed_pongs = 2;

/// Grace wanted from the relay without a profile: seconds (PROTOCOL 6).
inline constexpr std::uint32_t wanted_grace_seconds = 600;
/// With one: who comes back tomorrow still finds what was sent (PROTOCOL 8.4).
inline constexpr std::uint32_t wanted_grace_with_profile = 24 * 60 * 60;

/// A spoken code is answered once and within this time (PROTOCOL 2.6).
inline constexpr Duration code_lifetime = 10min;
/// Silence of the other side that spends a code.
inline constexpr Duration pairing_patience = 30s;
/// The joiner waits this long for the inviter to take its leave: longer than the inviter's own patience, so
/// that its "burned" would have come.
inline constexpr Duration farewell_patience = 40s;
/// Codes drawn before the inviter gives up: with a tenth of all nameplates in use, all of them are
/// taken once in 10^16.
inline constexpr int max_code_draws = 16;

}  // namespace parley::client
