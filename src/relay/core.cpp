#include "relay/core.h"

#include "base/ensure.h"

namespace parley::relay {

ConnectionId Core::on_connect(Time now) {
    ConnectionId id = 0;
    if (unused_.empty()) {
        id = static_cast<ConnectionId>(connections_.size());
        connections_.emplace_back();
    } else {
        id = unused_.back();
        unused_.pop_back();
    }
    auto& connection = connections_[id];
    connection = Connection{};
    connection.open = true;
    connection.serial = next_serial_++;
    connection.since = now;
    connection.heard_at = now;
    ++not_joined_;
    timers_.push({now + limits_.join_deadline, id, connection.serial, std::nullopt});
    if (not_joined_ > limits_.not_joined) refuse(id, wire::RefuseReason::too_many, now);
    return id;
}

void Core::on_disconnect(ConnectionId id, Time now) {
    auto& connection = connections_[id];
    ensure(connection.open, "a connection ends once");
    if (connection.seat != nullptr) go_away(*connection.room, *connection.seat, now);
    else if (!connection.closing) --not_joined_;
    connection = Connection{};
    unused_.push_back(id);
}

void Core::on_frame(ConnectionId id, const wire::ClientFrame& frame, Time now) {
    auto& connection = connections_[id];
    if (connection.closing) return;
    ++connection.frames;
    const bool joining = std::holds_alternative<wire::Join>(frame);
    if (joining == (connection.seat != nullptr)) return refuse(id, wire::RefuseReason::protocol_error, now);
    std::visit([&](const auto& value) { on(id, value, now); }, frame);
}

void Core::on_bad_frame(ConnectionId id, Time now) {
    if (!connections_[id].closing) refuse(id, wire::RefuseReason::protocol_error, now);
}

void Core::on(ConnectionId id, const wire::Join& frame, Time now) {
    auto why_not = wire::RefuseReason::protocol_error;
    if (frame.version != wire::protocol_version) return refuse(id, wire::RefuseReason::wrong_version, now);
    auto* room = room_for(frame, now, why_not);
    if (room == nullptr) return refuse(id, why_not, now);
    const bool is_new = room->find(frame.seat) == nullptr;
    auto* seat = seat_for(*room, frame, why_not);
    if (seat == nullptr) {
        if (room->size() == 0) rooms_.erase(frame.room);
        return refuse(id, why_not, now);
    }
    if (seat->connection) {
        // The newest connection wins, and the loser is told.
        const auto loser = *seat->connection;
        seat->connection.reset();
        detach(connections_[loser]);
        send(loser, wire::Refused{wire::RefuseReason::seat_taken_over});
        close(loser);
    }
    sit_down(id, *room, *seat, frame);
    welcome(id, *room, *seat);
    resume(*room, *seat, frame, is_new);
}

Room* Core::room_for(const wire::Join& frame, Time now, wire::RefuseReason& why_not) {
    auto found = rooms_.find(frame.room);
    if (found == rooms_.end()) {
        why_not = wire::RefuseReason::no_memory;
        if (budget_.charged > limits_.total_memory / 5 * 4) return nullptr;
        auto room = std::make_unique<Room>(frame.room, random_.id<RoomEpoch>(), limits_, budget_);
        found = rooms_.emplace(frame.room, std::move(room)).first;
    }
    why_not = wire::RefuseReason::too_many;
    return found->second->admit_join(now) ? found->second.get() : nullptr;
}

Seat* Core::seat_for(Room& room, const wire::Join& frame, wire::RefuseReason& why_not) {
    if (auto* seat = room.find(frame.seat)) {
        why_not = wire::RefuseReason::wrong_secret;
        return equal_constant_time(seat->secret.reveal(), frame.secret) ? seat : nullptr;
    }
    why_not = wire::RefuseReason::room_full;
    if (room.size() >= limits_.seats_per_room) return nullptr;
    auto& seat = room.add(frame.seat, SeatSecret(FixedView<32>(frame.secret)));
    seat.delivered = room.next_seq() - 1;
    return &seat;
}

void Core::sit_down(ConnectionId id, Room& room, Seat& seat, const wire::Join& frame) {
    auto& connection = connections_[id];
    connection.room = &room;
    connection.seat = &seat;
    --not_joined_;
    seat.connection = id;
    ++seat.away_serial;
    seat.grace = std::min(std::chrono::seconds(frame.grace_seconds), limits_.longest_grace);
}

void Core::welcome(ConnectionId id, Room& room, Seat& seat) {
    wire::Welcome frame{room.epoch(), seat.id, room.next_seq(), static_cast<std::uint32_t>(wire::max_body),
                        static_cast<std::uint16_t>(limits_.seats_per_room),
                        static_cast<std::uint32_t>(seat.grace.count())};
    send(id, frame);
    room.for_each([&](Seat& other) {
        if (&other == &seat) return;
        const auto presence = other.connection ? wire::Presence::present : wire::Presence::away;
        wire::Seat shown{other.id, presence, std::nullopt};
        if (!other.card.empty()) shown.card = wire::SealedCard{other.card};
        send(id, shown);
    });
    announce(room, seat, wire::Presence::present);
}

void Core::resume(Room& room, Seat& seat, const wire::Join& frame, bool is_new) {
    const bool same_life = frame.resume && frame.resume->epoch == room.epoch();
    const auto last_seq = same_life ? frame.resume->last_seq : 0;
    if (same_life && is_new && last_seq + 1 < room.next_seq()) {
        // The seat's grace was over: what was for it in between is gone, and that is said.
        return send(*seat.connection, wire::Gap{last_seq + 1, room.next_seq() - 1});
    }
    if (same_life) room.acknowledge(seat, std::min(last_seq, seat.delivered));
    seat.sent = 0;
    catch_up(seat);
}

/// A backlog goes out in portions, so that resuming does not look like reading slowly.
void Core::catch_up(Seat& seat) {
    while (seat.sent < seat.kept.size() && connections_[*seat.connection].queued < limits_.out_queue / 2) {
        push(seat, seat.kept[seat.sent]);
    }
}

void Core::on_written(ConnectionId id, std::size_t bytes) {
    auto& connection = connections_[id];
    connection.queued -= bytes;
    if (connection.seat != nullptr) catch_up(*connection.seat);
}

void Core::on(ConnectionId id, const wire::Card& frame, Time) {
    auto& connection = connections_[id];
    connection.seat->card = to_bytes(frame.sealed.bytes);
    announce(*connection.room, *connection.seat, wire::Presence::present);
}

void Core::on(ConnectionId id, const wire::Post& frame, Time) {
    auto& room = *connections_[id].room;
    auto& author = *connections_[id].seat;
    if (!std::exchange(author.posted_due, true)) owed_posted_.push_back(&author);
    if (frame.id <= author.last_message_id) return;  // a repetition: answered Posted again
    if (!room.fits(author, frame.body.bytes.size())) return send(id, wire::Full{frame.id});

    const auto body = pool_.make(frame.body.bytes);
    const Kept kept{room.append(author, body), frame.id, author.id, body};
    author.last_message_id = frame.id;
    author.last_message_seq = kept.seq;
    if (frame.to) {
        // A seat that has just gone: its author was told by a Seat frame, or is about to be.
        if (auto* receiver = room.find(*frame.to)) deliver(room, *receiver, kept);
    } else {
        room.for_each([&](Seat& receiver) {
            if (&receiver != &author) deliver(room, receiver, kept);
        });
    }
}

void Core::deliver(Room& room, Seat& receiver, const Kept& kept) {
    const bool caught_up = receiver.sent == receiver.kept.size();
    room.keep(receiver, kept);
    if (receiver.connection && caught_up) push(receiver, kept);
}

void Core::push(Seat& receiver, const Kept& kept) {
    auto& out = output_.add_outgoing();
    out.to = *receiver.connection;
    out.head = wire::deliver_header(kept.seq, kept.from, kept.message_id, kept.body.size());
    out.head_size = static_cast<std::uint8_t>(out.head.size());
    out.body = kept.body;
    ++receiver.sent;
    receiver.delivered = kept.seq;
    connections_[out.to].queued += out.size();
    cut_if_slow(out.to);
}

void Core::on(ConnectionId id, const wire::Ack& frame, Time now) {
    auto& connection = connections_[id];
    if (frame.seq > connection.seat->delivered) return refuse(id, wire::RefuseReason::protocol_error, now);
    connection.room->acknowledge(*connection.seat, frame.seq);
}

void Core::on(ConnectionId id, const wire::Leave&, Time) {
    auto& connection = connections_[id];
    auto& room = *connection.room;
    const auto seat = connection.seat->id;
    detach(connection);
    close(id);
    remove_seat(room, seat);
}

void Core::on(ConnectionId id, const wire::Ping&, Time) { send(id, wire::Pong{}); }

void Core::end_turn(Time now) {
    cut_the_slow(now);
    for (auto* author : owed_posted_) {
        author->posted_due = false;
        if (author->connection && author->last_message_id > 0) {
            send(*author->connection, wire::Posted{author->last_message_id, author->last_message_seq});
        }
    }
    owed_posted_.clear();
}

}  // namespace parley::relay
