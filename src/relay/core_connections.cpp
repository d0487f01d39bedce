// Seats that come into view and go, output and its limits, deadlines.
#include "base/ensure.h"
#include "relay/core.h"

namespace parley::relay {

Payload Core::shown(const Seat& seat, wire::Presence presence) {
    wire::Seat frame{seat.id, presence, std::nullopt};
    if (seat.card && presence != wire::Presence::gone) frame.card = wire::SealedCard{seat.card.view()};
    scratch_.clear();
    wire::encode(frame, scratch_);
    auto block = memory_.payloads.make(scratch_);
    wipe(scratch_);
    return block;
}

void Core::announce(Room& room, const Seat& seat, wire::Presence presence) {
    const auto frame = shown(seat, presence);
    room.for_each([&](const Seat& other) {
        if (&other != &seat && other.connection) send(*other.connection, frame);
    });
}

void Core::go_away(Room& room, Seat& seat, Time now) {
    seat.connection.reset();
    if (seat.grace == Grace::zero()) return remove_seat(room, seat);
    announce(room, seat, wire::Presence::away);
    away_.add({&room, &seat}, now + seat.grace);
}

void Core::remove_seat(Room& room, Seat& seat) {
    away_.remove({&room, &seat});
    announce(room, seat, wire::Presence::gone);
    room.remove(SeatId(seat.id));
    // By its place: a copy of its name would outlive it on the stack.
    if (room.size() == 0) rooms_.erase(rooms_.find(room.id()));
}

void Core::send(ConnectionId id, const wire::RelayFrame& frame) {
    scratch_.clear();
    wire::encode(frame, scratch_);
    auto& out = output_.add_outgoing();
    out.to = id;
    if (scratch_.size() <= out.head.size()) {
        out.head_size = static_cast<std::uint8_t>(scratch_.size());
        std::ranges::copy(scratch_, out.head.begin());
    } else {
        out.body = memory_.payloads.make(scratch_);
    }
    add_queued(connections_[id], id, scratch_.size());
    wipe(scratch_);
}

void Core::send(ConnectionId id, const Payload& frames, std::uint32_t skip) {
    auto& out = output_.add_outgoing();
    out.to = id;
    out.body = frames;
    out.skip = skip;
    add_queued(connections_[id], id, out.size());
}

void Core::add_queued(Connection& connection, ConnectionId id, std::size_t bytes) {
    connection.queued += static_cast<std::uint32_t>(bytes);
    if (connection.posted_owed > 0) answer_this_turn(connection, id);
    if (connection.queued > connection.allowed) mark_slow(connection, id);
}

/// Only noted: the room may be in the middle of a delivery to everyone.
void Core::mark_slow(Connection& connection, ConnectionId id) {
    if (!std::exchange(connection.slow, true)) slow_.push_back(id);
}

/// To cut one is news to the others, whose readers may be found slow by that.
void Core::cut_the_slow(Time now) {
    while (!slow_.empty()) {
        const auto id = slow_.back();
        slow_.pop_back();
        const bool still_here = connections_[id].slow && connections_[id].stage == Stage::seated;
        if (still_here) refuse(id, wire::RefuseReason::slow_reader, now);
    }
}

void Core::refuse(ConnectionId id, wire::RefuseReason reason, Time now) {
    ++refusals_[static_cast<std::size_t>(reason)];
    send(id, wire::Refused{reason});
    auto& connection = connections_[id];
    const bool seated = connection.stage == Stage::seated;
    auto* room = connection.room;
    auto* seat = connection.seat;
    close(id, offence_of(reason, seated));
    if (seated) go_away(*room, *seat, now);
}

void Core::close(ConnectionId id, Offence offence) {
    auto& connection = connections_[id];
    if (connection.stage == Stage::joining) --not_joined_;
    if (connection.seat != nullptr) connection.seat->connection.reset();
    forget_owed_posted(connection);
    connection.stage = Stage::closing;
    connection.room = nullptr;
    connection.seat = nullptr;
    deadlines_.remove(id);
    output_.add(Close{id, offence});
}

bool Core::above(std::size_t percent) const { return memory_.charged * 100 > limits_.total_memory * percent; }

/// RELAY: the largest consumer goes first; never the kernel's choice, and never in silence.
void Core::guard_memory() {
    const auto largest = std::ranges::max_element(rooms_, {}, [](const auto& entry) { return entry.second.charged(); });
    if (largest == rooms_.end()) return;
    auto& room = largest->second;
    room.for_each([&](Seat& seat) {
        const auto never_given = room.forget(seat);
        if (!never_given || !seat.connection) return;
        seat.delivered = never_given->last;
        send(*seat.connection, wire::Gap{never_given->first, never_given->last});
    });
}

/// What is still to be written is freed by the shell, after the turn.
void Core::wipe_later(Time now) {
    const bool due = memory_.has_stale() || !output_.empty();
    if (due && !wipe_at_) wipe_at_ = now + limits_.wipe_delay;
}

void Core::on_bytes(ConnectionId id, std::size_t pending, Time now) {
    auto& connection = connections_[id];
    if (connection.stage == Stage::seated) connection.heard_at = now;
    if (pending == 0 || connection.stage == Stage::closing) {
        connection.begun_at = never;
        return;
    }
    // Every whole frame ends what had begun, so that an older time is of this same frame.
    if (connection.begun_at == never) connection.begun_at = now;
    connection.length_whole = pending >= wire::length_size;
    // It looks again when its time has come, so an earlier one is early enough for all that follows.
    deadlines_.bring_forward(id, now + limits_.length_deadline);
}

Time Core::cut_at(const Connection& connection) const {
    auto at = connection.heard_at + limits_.idle_deadline;
    if (connection.stage == Stage::joining) at = std::min(at, connection.heard_at + limits_.join_deadline);
    if (connection.begun_at == never) return at;
    const auto allowed = connection.length_whole ? limits_.frame_deadline : limits_.length_deadline;
    return std::min(at, connection.begun_at + allowed);
}

void Core::on_time(Time now) {
    close_run();
    if (wipe_at_ && now >= *wipe_at_) {
        wipe_at_.reset();
        memory_.wipe_stale();
    }
    while (const auto id = deadlines_.take_due(now)) look_again(*id, now);
    while (const auto away = away_.take_due(now)) remove_seat(*away->room, *away->seat);
}

void Core::look_again(ConnectionId id, Time now) {
    auto& connection = connections_[id];
    const auto at = cut_at(connection);
    if (now >= at) return refuse(id, wire::RefuseReason::too_late, now);
    deadlines_.add(id, at);
}

}  // namespace parley::relay
