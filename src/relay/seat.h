// A seat: who sits there, what it has said last, what it has not acknowledged. There may be ten thousand of them
// that say nothing: what few need is not a part of all.
#pragma once

#include <memory>

#include "base/names.h"
#include "base/secret.h"
#include "relay/deadlines.h"
#include "relay/kept.h"
#include "relay/output.h"
#include "relay/refused_ids.h"

namespace parley::relay {

using SeatSecret = Secret<struct SeatSecretTag, 32>;
using Grace = std::chrono::duration<std::uint32_t>;

struct Seat {
    /// Of those who met a full room, or whom the memory guard made forget.
    struct Trouble {
        RefusedIds refused_ids;
        std::optional<Range> lost;  ///< said until it is acknowledged
    };

    Seat(const SeatId& name, SeatSecret proof) : id(name), secret(std::move(proof)) {}
    /// Its name leaves memory with it.
    static void operator delete(void* at, std::size_t size) {
        wipe({static_cast<std::uint8_t*>(at), size});
        ::operator delete(at, size);
    }

    bool has_posted() const { return last_message_seq != 0; }
    bool was_refused(std::uint64_t message_id) const {
        return trouble != nullptr && trouble->refused_ids.contains(message_id);
    }
    /// Between this one and the last that was accepted.
    bool was_refused_after(std::uint64_t message_id) const {
        return trouble != nullptr && trouble->refused_ids.any_between(message_id, last_message_id);
    }
    Trouble& in_trouble() {
        if (trouble == nullptr) trouble = std::make_unique<Trouble>();
        return *trouble;
    }

    SeatId id;
    SeatSecret secret;
    Payload card;  ///< sealed; none before the first Card
    std::optional<ConnectionId> connection;
    Grace grace{};
    DeadlinePlace away_until = 0;
    std::uint32_t share = 0;  ///< its place among the room's shares
    std::uint64_t last_message_id = 0;
    std::uint64_t last_message_seq = 0;  ///< 0: nothing was posted
    std::uint64_t delivered = 0;         ///< highest seq given to a connection of this seat
    Kept kept;
    std::unique_ptr<Trouble> trouble;
};

}  // namespace parley::relay
