// What both sides of a pairing have in common: what a side asks for after an event, and how it ends.
#pragma once

#include "client/exchange.h"
#include "client/meeting.h"

namespace parley::client {

struct PairingPost {
    std::optional<SeatId> to;  ///< nobody: everyone else in the room
    Bytes body;
};

/// What one event leads to, in this order.
struct PairingStep {
    std::vector<PairingPost> post{};
    std::optional<RoomId> enter{};
    std::optional<Event> show{};
    std::optional<Result<Met>> end{};
};

/// Every reason to burn a code; a literal each, the same on both sides wherever it can be.
namespace burned {
inline constexpr std::string_view did_not_match =
    "the code did not match: someone tried it, or a typo; make a new code";
inline constexpr std::string_view told = "the other side spent the code: someone tried it, or a typo; make a new code";
inline constexpr std::string_view silent = "the other side went silent and the code is spent: make a new code";
inline constexpr std::string_view left = "the other side left and the code is spent: make a new code";
inline constexpr std::string_view lost = "the connection was lost and the code is spent: make a new code";
inline constexpr std::string_view crowded = "someone else is where this code leads, so it is spent: make a new code";
inline constexpr std::string_view too_late = "nobody came within ten minutes, so the code is spent: make a new code";
}  // namespace burned

/// Ends it, and tells everyone in the room: whoever is in the middle of this code must hear it.
PairingStep burn(std::string_view why, Errc code = Errc::code_spent);
PairingStep say_to(const SeatId& seat, Bytes body);

}  // namespace parley::client
