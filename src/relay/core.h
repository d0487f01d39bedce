// The decisions of one relay loop: who sits where, what goes to whom, who is cut. Pure, and blind by
// construction: it knows bytes and frames, no cipher.
//
// Within a turn the shell calls on_* any number of times, then end_turn(), then drains output().
#pragma once

#include "base/random.h"
#include "relay/deadlines.h"
#include "relay/owed.h"
#include "relay/room.h"

namespace parley::relay {

using Refusals = std::array<std::uint64_t, wire::last_value(wire::RefuseReason{}) + 1>;

class Core {
public:
    Core(const Limits& limits, Random& random) : limits_(limits), random_(random) {}
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    /// One that another loop hands over was admitted there, and brings its Join.
    enum class Arrival : std::uint8_t { fresh, handed_over };
    ConnectionId on_connect(Time now, Arrival arrival = Arrival::fresh);
    /// Where the shell reads to, having dealt with what it read before: a post that lies there need not be copied.
    MutableBytes read_buffer();
    void on_read(std::size_t bytes) { memory_.intake.on_read(bytes); }
    /// Exactly once for each connection, whoever closed it.
    void on_disconnect(ConnectionId connection, Time now);

    /// Views in the frame are borrowed during the call only.
    void on_frame(ConnectionId connection, const wire::ClientFrame& frame, Time now);
    /// The same for the frame that comes in masses.
    void on_post(ConnectionId connection, const wire::Post& frame, Time now);
    /// So many were taken.
    struct Taken {
        std::size_t frames = 0;
        std::size_t bytes = 0;
    };
    /// What follows a frame in memory, of the same connection and turn: the posts in front that need no other answer
    /// than the one before them. Of a stream of small ones that is nearly all, at a third of what each costs alone.
    Taken on_posts_behind(ConnectionId connection, ByteView frames, Time now);
    /// The stream cannot be understood: that connection, and no other, is closed.
    void on_bad_frame(ConnectionId connection, Time now);
    /// The shell will not have it, for a reason that the core cannot know: a wrong token.
    void turn_away(ConnectionId connection, wire::RefuseReason reason, Time now);
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

    std::size_t charged() const { return memory_.charged; }
    std::size_t rooms() const { return rooms_.size(); }
    /// How many were refused so far, by the number of the reason.
    const Refusals& refusals() const { return refusals_; }
    bool has_stale() const { return memory_.has_stale(); }
    std::size_t payloads() const { return memory_.payloads.blocks_in_use(); }

private:
    enum class Stage : std::uint8_t {
        unused,   ///< the shell knows no such connection
        joining,  ///< its Join is awaited
        seated,
        closing,  ///< told to close: nothing it still says counts
    };
    static constexpr auto never = Time::max();
    struct Connection {
        Stage stage = Stage::unused;
        bool slow = false;          ///< is in the list of those to cut
        bool length_whole = false;  ///< of the frame that has begun
        bool answer_due = false;    ///< is in the list of those to answer at the end of the turn
        DeadlinePlace deadline = 0;
        Room* room = nullptr;  ///< with `seat`, while seated
        Seat* seat = nullptr;
        Time heard_at{};                ///< while its Join is awaited: when it came
        Time begun_at = never;          ///< a frame: who never ends one is cut (FAULTS R03, R04)
        std::uint32_t queued = 0;       ///< bytes given to the shell and not yet written
        std::uint32_t allowed = 0;      ///< of them, before its reader counts as slow
        std::uint32_t posted_owed = 0;  ///< bytes posted since the last Posted, at least 1; 0: none is owed
        Owed::Place owed_place = 0;     ///< while one is
    };
    using Connections = std::vector<Connection>;

    struct PlaceOfConnection {
        Connections* all;
        DeadlinePlace& operator()(ConnectionId id) const { return (*all)[id].deadline; }
    };
    /// One whose owner is away.
    struct AwaySeat {
        Room* room;
        Seat* seat;
    };
    struct PlaceOfAwaySeat {
        DeadlinePlace& operator()(const AwaySeat& away) const { return away.seat->away_until; }
    };

    /// The posts that are coming in, one behind the other in memory: whatever else happens closes it first.
    struct OpenRun {
        Room* room = nullptr;  ///< none: no run is open
        Seat* author = nullptr;
        std::optional<SeatId> to;
        Seat* only = nullptr;  ///< the seat that `to` names, while it exists
        std::size_t receivers = 0;
        Payload copied{};  ///< where its only frame is that was not read to the intake
        std::uint8_t* begin = nullptr;
        std::size_t size = 0;
        std::ptrdiff_t charge = 0;  ///< of its bodies
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };

    // Frames
    bool may_say(ConnectionId id, Time now, Stage stage);
    void on(ConnectionId id, const wire::Join& frame, Time now);
    void on(ConnectionId id, const wire::Card& frame, Time now);
    void on(ConnectionId id, const wire::Post& frame, Time now) { on_post(id, frame, now); }
    void on(ConnectionId id, const wire::Ack& frame, Time now);
    void on(ConnectionId id, const wire::Leave& frame, Time now);
    void on(ConnectionId id, const wire::Ping& frame, Time now);

    // Joining
    std::optional<wire::RefuseReason> reason_to_refuse(const wire::Join& frame, Time now);
    Room* find_room(const RoomId& id);
    void take_over(Seat& seat);
    void sit_down(ConnectionId id, Room& room, Seat& seat, const wire::Join& frame, Time now);
    void welcome(ConnectionId id, Room& room, const Seat& seat);
    void resume(Room& room, Seat& seat, const wire::Join& frame, bool is_new);

    // Delivering
    void answer_repeated(ConnectionId id, std::uint64_t message_id, Time now);
    bool goes_on(const Seat& author, const wire::Post& frame) const;
    void open_run(Room& room, Seat& author, const wire::Post& frame);
    void place_run(const wire::Post& frame);
    std::ptrdiff_t charged_with(std::size_t frame_size) const;
    void extend_run(std::uint64_t message_id, std::size_t frame_size, std::ptrdiff_t charge);
    Run take_run(OpenRun& open);
    void close_run();
    void owe_posted(ConnectionId id, std::size_t bytes, Time now);
    void answer_this_turn(Connection& connection, ConnectionId id);
    void forget_owed_posted(Connection& connection);
    void send_posted(ConnectionId id);
    void send_owed_posted(Time now);
    void deliver(Room& room, Seat& receiver, const Run& run);
    void push_next(Seat& receiver);
    void catch_up(Seat& receiver);

    // Seats that come and go
    Payload shown(const Seat& seat, wire::Presence presence);
    void announce(Room& room, const Seat& seat, wire::Presence presence);
    void go_away(Room& room, Seat& seat, Time now);
    void remove_seat(Room& room, Seat& seat);

    // Output and its limits
    void send(ConnectionId id, const wire::RelayFrame& frame);
    void send(ConnectionId id, const Payload& frames, std::uint32_t skip = 0);
    void add_queued(Connection& connection, ConnectionId id, std::size_t bytes);
    void mark_slow(Connection& connection, ConnectionId id);
    void refuse(ConnectionId id, wire::RefuseReason reason, Time now);
    void close(ConnectionId id, Offence offence = Offence::none);
    void cut_the_slow(Time now);
    bool above(std::size_t percent) const;
    bool too_many_wait();
    void guard_memory();
    void wipe_later(Time now);

    // Deadlines
    Time cut_at(const Connection& connection) const;
    void look_again(ConnectionId id, Time now);

    const Limits limits_;
    Random& random_;
    Memory memory_;  ///< before the output and the rooms, which hold its blocks
    Output output_;
    Connections connections_;
    Deadlines<ConnectionId, PlaceOfConnection> deadlines_{PlaceOfConnection{&connections_}};
    Deadlines<AwaySeat, PlaceOfAwaySeat> away_;
    std::optional<Time> wipe_at_;  ///< what was freed since may still hold its bytes
    WipingMap<RoomId, Room> rooms_;
    std::vector<ConnectionId> unused_;
    std::vector<ConnectionId> retired_;  ///< output of this turn may still name them
    OpenRun open_;
    Owed owed_posted_;
    std::vector<ConnectionId> answered_this_turn_;  ///< of them, those for whom something else leaves
    std::vector<ConnectionId> slow_;
    std::size_t not_joined_ = 0;
    Refusals refusals_{};
    Bytes scratch_;  ///< where frames are encoded
};

}  // namespace parley::relay
