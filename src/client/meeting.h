// One seat in a nameplate's room, and the one connection under it (PROTOCOL 2.6). Frames go in, what they
// mean for a pairing comes out; it never comes back after a lost connection, because a code has one guess.
#pragma once

#include <set>
#include <variant>

#include "client/action.h"
#include "client/connection.h"
#include "wire/frames.h"

namespace parley::client {

class Meeting {
public:
    Meeting(Random& random, std::optional<FixedBytes<16>> token)
        : random_(random), token_(token), connection_(random) {}

    // What happens there.
    struct Nothing {};
    /// We have a seat, and these are all the others.
    struct Entered {
        std::set<SeatId> others;
    };
    struct Heard {
        SeatId from;
        ByteView body;  ///< borrowed during the call
    };
    struct Gone {
        SeatId seat;
    };
    /// The connection, or something that was posted.
    struct Lost {
        Error why;
    };
    using Event = std::variant<Nothing, Entered, Heard, Gone, Lost>;

    /// Takes a new seat there; leaves the room where it was.
    void enter(const RoomId& room, Time now);
    /// To everyone else where nobody is named.
    void post(const std::optional<SeatId>& to, ByteView body);
    void leave();

    void on_connected(Time now);
    Event on_disconnected(Error why);
    Event on_frame(const wire::RelayFrame& frame, Time now);
    Event on_time(Time now);
    std::optional<Time> next_deadline() const { return connection_.next_deadline(); }

    std::vector<Action> take_actions() { return std::exchange(actions_, {}); }

private:
    Event on(const wire::Welcome& frame, Time now);
    Event on(const wire::Seat& frame, Time now);
    Event on(const wire::Deliver& frame, Time now);
    Event on(const wire::Posted& frame, Time now);
    Event on(const wire::Full& frame, Time now);
    Event on(const wire::Gap& frame, Time now);
    Event on(const wire::Refused& frame, Time now);
    Event on(const wire::Restarting& frame, Time now);
    Event on(const wire::Pong& frame, Time now);
    void send(const wire::ClientFrame& frame);

    Random& random_;
    std::optional<FixedBytes<16>> token_;
    Connection connection_;
    RoomId room_;
    SeatId seat_;
    std::set<SeatId> listed_;
    bool awaiting_list_ = false;
    std::uint64_t last_post_ = 0;
    std::vector<Action> actions_;
};

}  // namespace parley::client
