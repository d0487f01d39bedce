// Connections that end, seats that go away, readers that are too slow, deadlines.
#include "base/ensure.h"
#include "relay/core.h"

namespace parley::relay {

void Core::announce(Room& room, const Seat& seat, wire::Presence presence) {
    wire::Seat frame{seat.id, presence, std::nullopt};
    if (presence == wire::Presence::present && !seat.card.empty()) frame.card = wire::SealedCard{seat.card};
    Bytes bytes;
    wire::encode(frame, bytes);
    room.for_each([&](Seat& other) {
        if (other.id == seat.id || !other.connection) return;
        connections_[*other.connection].queued += bytes.size();
        output_.add(Control{*other.connection, bytes});
        cut_if_slow(*other.connection);
    });
}

void Core::go_away(Room& room, Seat& seat, Time now) {
    seat.connection.reset();
    if (seat.grace == std::chrono::seconds::zero()) return remove_seat(room, seat.id);
    announce(room, seat, wire::Presence::away);
    timers_.push({now + seat.grace, 0, ++seat.away_serial, std::pair{room.id(), seat.id}});
}

void Core::remove_seat(Room& room, const SeatId& id) {
    auto* seat = room.find(id);
    std::erase(owed_posted_, seat);
    announce(room, *seat, wire::Presence::gone);
    room.remove(id);
    if (room.size() == 0) rooms_.erase(RoomId(room.id()));
}

void Core::send(ConnectionId id, const wire::RelayFrame& frame) {
    Bytes bytes;
    wire::encode(frame, bytes);
    connections_[id].queued += bytes.size();
    if (bytes.size() > wire::deliver_header_size) return output_.add(Control{id, std::move(bytes)});
    auto& out = output_.add_outgoing();
    out.to = id;
    out.head_size = static_cast<std::uint8_t>(bytes.size());
    std::ranges::copy(bytes, out.head.begin());
}

void Core::refuse(ConnectionId id, wire::RefuseReason reason, Time now) {
    auto& connection = connections_[id];
    send(id, wire::Refused{reason});
    if (connection.seat == nullptr) {
        --not_joined_;
    } else {
        auto& room = *connection.room;
        auto& seat = *connection.seat;
        detach(connection);
        go_away(room, seat, now);
    }
    close(id);
}

void Core::close(ConnectionId id) {
    auto& connection = connections_[id];
    ensure(!std::exchange(connection.closing, true), "a connection is told to close once");
    output_.add(Close{id});
}

/// Only noted here: the room is in the middle of a delivery to everyone.
void Core::cut_if_slow(ConnectionId id) {
    auto& connection = connections_[id];
    if (connection.queued > limits_.out_queue && connection.seat != nullptr) slow_.push_back(id);
}

void Core::cut_the_slow(Time now) {
    for (const auto id : std::exchange(slow_, {})) {
        if (connections_[id].seat != nullptr) refuse(id, wire::RefuseReason::slow_reader, now);
    }
}

void Core::on_time(Time now) {
    while (!timers_.empty() && timers_.top().at <= now) {
        const auto timer = timers_.top();
        timers_.pop();
        on_timer(timer, now);
    }
}

void Core::on_timer(const Timer& timer, Time now) {
    if (timer.away) {
        const auto room = rooms_.find(timer.away->first);
        auto* seat = room == rooms_.end() ? nullptr : room->second->find(timer.away->second);
        const bool still_away = seat != nullptr && !seat->connection && seat->away_serial == timer.serial;
        if (still_away) remove_seat(*room->second, seat->id);
        return;
    }
    auto& connection = connections_[timer.connection];
    if (connection.serial != timer.serial || connection.closing) return;
    connection.partial_timer = false;
    const auto at = cut_at(connection);
    if (now >= at) return refuse(timer.connection, wire::RefuseReason::too_late, now);
    timers_.push({at, timer.connection, timer.serial, std::nullopt});
}

Time Core::cut_at(const Connection& connection) const {
    auto at = connection.heard_at + limits_.idle_deadline;
    if (connection.seat == nullptr) at = std::min(at, connection.since + limits_.join_deadline);
    if (connection.partial) {
        const auto allowed = connection.partial->length_whole ? limits_.frame_deadline : limits_.length_deadline;
        at = std::min(at, connection.partial->since + allowed);
    }
    return at;
}

void Core::on_bytes(ConnectionId id, std::size_t pending, Time now) {
    auto& connection = connections_[id];
    connection.heard_at = now;
    if (pending == 0 || connection.closing) return connection.partial.reset();
    const bool length_whole = pending >= wire::length_size;
    const bool same = connection.partial && connection.partial->after_frames == connection.frames;
    if (!same) connection.partial = Partial{now, connection.frames, length_whole};
    connection.partial->length_whole = length_whole;
    // A second timer, sooner than the idle one; it looks again when it fires, so one is enough.
    if (!std::exchange(connection.partial_timer, true)) {
        timers_.push({now + limits_.length_deadline, id, connection.serial, std::nullopt});
    }
}

std::optional<Time> Core::next_deadline() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.top().at;
}

void Core::on_shutdown(std::chrono::milliseconds after) {
    for (ConnectionId id = 0; id < connections_.size(); ++id) {
        if (connections_[id].open && !connections_[id].closing) {
            send(id, wire::Restarting{static_cast<std::uint32_t>(after.count())});
        }
    }
}

}  // namespace parley::relay
