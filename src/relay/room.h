// A room: seats, one order, and what each seat has not acknowledged. It decides nothing about
// connections: append, keep, acknowledge and resume are all that a second implementation would
// have to offer.
#pragma once

#include <limits>
#include <unordered_map>
#include <vector>

#include "relay/limits.h"
#include "relay/memory.h"
#include "relay/seat.h"
#include "wire/codec.h"

namespace parley::relay {

/// Maps whose nodes are wiped when they are freed: names leave memory with what they named.
template <class Key, class Value>
using WipingMap =
    std::unordered_map<Key, Value, std::hash<Key>, std::equal_to<Key>, WipingAllocator<std::pair<const Key, Value>>>;

class Room {
public:
    /// `first_seq` is where the order begins.
    Room(const RoomId& id, const RoomEpoch& epoch, const Limits& limits, Memory& memory, std::uint64_t first_seq = 1);
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
        for (const auto& seat : seats_) visit(*seat);
    }

    /// What a body is charged in a run.
    std::size_t cost(std::size_t body_size) const { return body_size + limits_.payload_overhead; }
    /// What the bodies of a run may be charged now that its author posts to so many seats; below 0 where seats came
    /// to a full room.
    std::ptrdiff_t left_for(const Seat& author, std::size_t receivers) const;
    /// FAULTS R13: an order that has come to its end takes nothing more; it does not wrap.
    bool ends_within(std::uint64_t posts) const {
        return std::numeric_limits<std::uint64_t>::max() - next_seq_ < posts;
    }
    /// Takes the next place in the order: the Post at `at` becomes its Deliver. Nothing is charged before a seat
    /// keeps it.
    std::uint64_t append(Seat& author, std::uint64_t message_id, std::uint8_t* at) {
        const auto seq = next_seq_++;
        wire::make_deliver(seq, author.id, at);
        author.last_message_id = message_id;
        author.last_message_seq = seq;
        if (author.trouble) author.trouble->refused_ids.on_accepted(message_id);
        return seq;
    }
    void keep(Seat& receiver, const Run& run);
    /// Forgets for this seat everything up to `seq`; a run is forgotten as a whole.
    void acknowledge(Seat& seat, std::uint64_t seq);
    /// Prepares a seat for a new connection that has everything up to `last_seq` of this room's
    /// life. What is lost and was not seen by then is returned, for a Gap.
    std::optional<Range> resume(Seat& seat, std::optional<std::uint64_t> last_seq);
    /// Where a client goes on that knows nothing of this life of the room: at the first that the seat has not
    /// acknowledged. An earlier connection may have ended before its Welcome came.
    std::uint64_t goes_on_at(const Seat& seat) const;
    /// The memory guard: what the seat has not acknowledged is gone, and is said when it resumes.
    /// What was not even given to its connection is returned, for a Gap at once.
    std::optional<Range> forget(Seat& seat);

    /// Takes one of the joins that this second allows.
    bool admit_join(Time now) { return joins_.take(limits_.joins, now); }

private:
    static constexpr auto no_share = std::numeric_limits<std::uint32_t>::max();
    /// What a seat, present or gone, has posted and others have not acknowledged.
    struct Share {
        std::size_t charged = 0;
        std::uint32_t next_unused = no_share;
        bool seated = true;
    };
    using Seats = std::vector<std::unique_ptr<Seat>>;

    Seats::iterator place_of(const SeatId& id);
    std::uint32_t open_share();
    void close_share_if_done(std::uint32_t share);
    void drop_front(Seat& seat);
    static void skip_front(Note& note, std::uint64_t seq);
    void charge(std::size_t bytes, std::uint32_t share);
    void discharge(std::size_t bytes, std::uint32_t share);

    RoomId id_;
    RoomEpoch epoch_;
    const Limits& limits_;
    Memory& memory_;
    std::uint64_t next_seq_;
    std::size_t charged_ = 0;
    Meter joins_;
    Seats seats_;  ///< by id
    std::vector<Share> shares_;
    std::uint32_t unused_share_ = no_share;
};

}  // namespace parley::relay
