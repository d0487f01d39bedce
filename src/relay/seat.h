// A seat: who sits there, what it has said last, what it has not acknowledged.
#pragma once

#include "base/names.h"
#include "base/secret.h"
#include "relay/deadlines.h"
#include "relay/kept.h"
#include "relay/refused_ids.h"

namespace parley::relay {

using SeatSecret = Secret<struct SeatSecretTag, 32>;

struct Seat {
    Seat(const SeatId& name, SeatSecret proof) : id(name), secret(std::move(proof)) {}

    SeatId id;
    SeatSecret secret;
    Payload card;  ///< sealed; none before the first Card
    std::optional<ConnectionId> connection;
    std::chrono::seconds grace{};
    std::optional<Deadlines::Handle> away_until;

    std::optional<std::uint64_t> last_message_id;
    std::uint64_t last_message_seq = 0;
    RefusedIds refused_ids;
    std::optional<Time> posted_due;  ///< a Posted is owed, by then at the latest
    std::size_t posted_bytes = 0;    ///< since the last one

    Kept kept;
    std::uint64_t delivered = 0;  ///< highest seq given to a connection of this seat
    std::optional<Range> lost;    ///< forgotten by the memory guard; said until it is acknowledged
    std::uint32_t share = 0;      ///< its place among the room's shares
};

}  // namespace parley::relay
