// The decisions of one relay loop: who sits where, what goes to whom, who is cut. Pure, and blind by
// construction: it knows bytes and frames, no cipher.
//
// Within a turn the shell calls on_* any number of times, then end_turn(), then drains output().
#pragma once

#include <memory>
#include <queue>

#include "base/random.h"
#include "relay/room.h"

namespace parley::relay {

class Core {
public:
    Core(const Limits& limits, Random& random) : limits_(limits), random_(random) {}
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    ConnectionId on_connect(Time now);
    /// Exactly once for each connection, whoever closed it.
    void on_disconnect(ConnectionId connection, Time now);

    /// Views in the frame are borrowed during the call only.
    void on_frame(ConnectionId connection, const wire::ClientFrame& frame, Time now);
    /// The stream cannot be understood: that connection, and no other, is closed.
    void on_bad_frame(ConnectionId connection, Time now);
    /// Bytes came; so many of them are a frame that has begun and not ended.
    void on_bytes(ConnectionId connection, std::size_t pending, Time now);
    /// So many bytes of its output have left.
    void on_written(ConnectionId connection, std::size_t bytes);

    /// Owed answers go out, and who reads too slowly is cut.
    void end_turn(Time now);
    void on_time(Time now);
    /// A planned stop: everyone is told.
    void on_shutdown(std::chrono::milliseconds after);

    std::optional<Time> next_deadline() const;
    Output& output() { return output_; }

    std::size_t charged() const { return budget_.charged; }
    std::size_t rooms() const { return rooms_.size(); }
    std::size_t payloads() const { return pool_.blocks_in_use(); }

private:
    /// A frame that has begun: who never ends one is cut (FAULTS R03, R04).
    struct Partial {
        Time since;
        std::uint64_t after_frames;  ///< another frame in between makes it another one
        bool length_whole;
    };
    struct Connection {
        bool open = false;       ///< the shell knows it
        bool closing = false;    ///< told to close: nothing it still says counts
        std::uint64_t serial = 0;
        Room* room = nullptr;    ///< joined, with `seat`
        Seat* seat = nullptr;
        Time since;
        Time heard_at;
        std::uint64_t frames = 0;
        std::optional<Partial> partial;
        bool partial_timer = false;
        std::size_t queued = 0;  ///< bytes given to the shell and not yet written
    };
    /// One timer per connection and one per away seat; each looks again when it fires.
    struct Timer {
        Time at;
        ConnectionId connection;
        std::uint64_t serial;
        std::optional<std::pair<RoomId, SeatId>> away;

        friend bool operator>(const Timer& a, const Timer& b) { return a.at > b.at; }
    };

    void on(ConnectionId id, const wire::Join& frame, Time now);
    void on(ConnectionId id, const wire::Card& frame, Time now);
    void on(ConnectionId id, const wire::Post& frame, Time now);
    void on(ConnectionId id, const wire::Ack& frame, Time now);
    void on(ConnectionId id, const wire::Leave& frame, Time now);
    void on(ConnectionId id, const wire::Ping& frame, Time now);

    Room* room_for(const wire::Join& frame, Time now, wire::RefuseReason& why_not);
    Seat* seat_for(Room& room, const wire::Join& frame, wire::RefuseReason& why_not);
    void sit_down(ConnectionId id, Room& room, Seat& seat, const wire::Join& frame);
    void welcome(ConnectionId id, Room& room, Seat& seat);
    void resume(Room& room, Seat& seat, const wire::Join& frame, bool is_new);
    void deliver(Room& room, Seat& receiver, const Kept& kept);
    void push(Seat& receiver, const Kept& kept);
    void catch_up(Seat& receiver);

    void announce(Room& room, const Seat& seat, wire::Presence presence);
    void go_away(Room& room, Seat& seat, Time now);
    void remove_seat(Room& room, const SeatId& id);
    void detach(Connection& connection) { connection.room = nullptr; connection.seat = nullptr; }

    void send(ConnectionId id, const wire::RelayFrame& frame);
    void refuse(ConnectionId id, wire::RefuseReason reason, Time now);
    void close(ConnectionId id);
    Time cut_at(const Connection& connection) const;
    void cut_if_slow(ConnectionId id);
    void cut_the_slow(Time now);
    void on_timer(const Timer& timer, Time now);

    const Limits& limits_;
    Random& random_;
    PayloadPool pool_;  ///< before the output and the rooms, which hold its blocks
    Output output_;
    Budget budget_;
    std::unordered_map<RoomId, std::unique_ptr<Room>> rooms_;
    std::vector<Connection> connections_;
    std::vector<ConnectionId> unused_;
    std::vector<Seat*> owed_posted_;
    std::vector<ConnectionId> slow_;
    std::size_t not_joined_ = 0;
    std::uint64_t next_serial_ = 1;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
};

}  // namespace parley::relay
