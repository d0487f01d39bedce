// A room: seats, one order, and what each seat has not acknowledged. It decides nothing about
// connections: append, deliver and resume are all that a second implementation would have to offer.
#pragma once

#include <optional>
#include <unordered_map>

#include "base/names.h"
#include "base/secret.h"
#include "relay/limits.h"
#include "relay/output.h"
#include "relay/ring.h"

namespace parley::relay {

using SeatSecret = Secret<struct SeatSecretTag, 32>;

/// One delivery that a seat has not acknowledged.
struct Kept {
    std::uint64_t seq = 0;
    std::uint64_t message_id = 0;
    SeatId from;
    Payload body;
};

struct Seat {
    Seat(const SeatId& name, SeatSecret proof, std::uint64_t tag) : id(name), secret(std::move(proof)), author_tag(tag) {}

    SeatId id;
    SeatSecret secret;
    Bytes card;  ///< sealed; empty before the first Card
    std::optional<ConnectionId> connection;
    std::chrono::seconds grace{};
    std::uint64_t away_serial = 0;  ///< which going away a grace timer is about

    std::uint64_t last_message_id = 0;
    std::uint64_t last_message_seq = 0;
    bool posted_due = false;  ///< a Posted is owed at the end of the turn

    Ring<Kept> kept;
    std::size_t sent = 0;         ///< so many of them, from the front, were given to its connection
    std::uint64_t delivered = 0;  ///< highest seq given to a connection of this seat
    std::size_t share = 0;        ///< charged bytes it posted and others have not acknowledged
    std::uint64_t author_tag;     ///< marks its payloads, so that a later seat is not credited for them
};

/// Charged bytes of all rooms of one loop.
struct Budget {
    std::size_t charged = 0;
};

class Room {
public:
    Room(const RoomId& id, const RoomEpoch& epoch, const Limits& limits, Budget& budget);
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    ~Room();

    const RoomId& id() const { return id_; }
    const RoomEpoch& epoch() const { return epoch_; }
    std::uint64_t next_seq() const { return next_seq_; }
    std::size_t charged() const { return charged_; }

    Seat* find(const SeatId& id);
    Seat& add(const SeatId& id, SeatSecret secret);
    /// Lets go of everything kept for it. What it posted stays for those it is for.
    void remove(const SeatId& id);
    std::size_t size() const { return seats_.size(); }

    template <class Visit>
    void for_each(Visit&& visit) {
        for (auto& [id, seat] : seats_) visit(seat);
    }

    /// Whether its author may add a body of this size now.
    bool fits(const Seat& author, std::size_t body_size) const;
    /// Takes the next place in the order and marks the body as its author's.
    std::uint64_t append(Seat& author, const Payload& body);
    /// Charges the body with its first receiver.
    void keep(Seat& receiver, const Kept& kept);
    /// Forgets for this seat everything up to `seq`.
    void acknowledge(Seat& seat, std::uint64_t seq);
    static constexpr std::uint64_t everything = ~std::uint64_t{0};

    /// Takes one of the joins that this second allows.
    bool admit_join(Time now);

private:
    std::size_t charge_of(std::size_t body_size) const { return body_size + limits_.payload_overhead; }
    void let_go(Kept& kept);
    void change_charge(std::size_t up, std::size_t down);

    RoomId id_;
    RoomEpoch epoch_;
    const Limits& limits_;
    Budget& budget_;
    std::uint64_t next_seq_ = 1;
    std::uint64_t next_author_tag_ = 1;
    std::size_t charged_ = 0;
    double join_tokens_;
    std::optional<Time> last_join_;
    std::unordered_map<SeatId, Seat> seats_;
    std::unordered_map<std::uint64_t, Seat*> authors_;  ///< by the tag that their payloads carry
};

}  // namespace parley::relay
