#include "client/meeting.h"

#include "client/limits.h"
#include "wire/codec.h"

namespace parley::client {

void Meeting::enter(const RoomId& room, Time now) {
    leave();
    room_ = room;
    seat_ = random_.id<SeatId>();
    listed_.clear();
    last_post_ = 0;
    connection_.start(now);
    (void)on_time(now);
}

void Meeting::leave() {
    if (connection_.online()) send(wire::Leave{});
    if (!connection_.offline()) actions_.emplace_back(Disconnect{});
    connection_.end();
}

void Meeting::post(const std::optional<SeatId>& to, ByteView body) {
    if (connection_.online()) send(wire::Post{++last_post_, to, {body}});
}

void Meeting::send(const wire::ClientFrame& frame) {
    Bytes bytes;
    wire::encode(frame, bytes);
    actions_.emplace_back(Send{std::move(bytes)});
}

void Meeting::on_connected(Time now) {
    connection_.on_connected(now);
    wire::Join join;
    join.room = room_;
    join.seat = seat_;
    join.secret = random_.bytes<32>();
    join.grace_seconds = 0;  // who is gone spends the code: the other side is to see it at once
    join.token = token_;
    send(join);
}

Meeting::Event Meeting::on_disconnected(Error why) {
    if (connection_.ended()) return Nothing{};
    connection_.end();
    return Lost{why};
}

Meeting::Event Meeting::on_frame(const wire::RelayFrame& frame, Time now) {
    if (connection_.ended()) return Nothing{};
    connection_.on_frame(now);
    return std::visit([&](const auto& value) { return on(value, now); }, frame);
}

Meeting::Event Meeting::on_time(Time now) {
    switch (connection_.on_time(now)) {
        case Connection::Order::connect: actions_.emplace_back(Connect{}); break;
        case Connection::Order::ping: send(wire::Ping{}); break;
        case Connection::Order::give_up: leave(); return Lost{{Errc::idle, "the relay has gone silent"}};
        case Connection::Order::nothing: break;
    }
    return Nothing{};
}

Meeting::Event Meeting::on(const wire::Welcome&, Time now) {
    connection_.on_welcome(now);
    awaiting_list_ = true;
    send(wire::Ping{});  // its Pong comes after the last Seat frame
    return Nothing{};
}

Meeting::Event Meeting::on(const wire::Seat& frame, Time) {
    if (frame.seat == seat_) return Nothing{};
    if (frame.presence == wire::Presence::present) {
        if (awaiting_list_) listed_.insert(frame.seat);
        return Nothing{};
    }
    if (!awaiting_list_) return Gone{frame.seat};
    listed_.erase(frame.seat);
    return Nothing{};
}

Meeting::Event Meeting::on(const wire::Pong&, Time) {
    connection_.on_pong();
    if (!std::exchange(awaiting_list_, false)) return Nothing{};
    return Entered{listed_};
}

Meeting::Event Meeting::on(const wire::Deliver& frame, Time) { return Heard{frame.from, frame.body.bytes}; }

Meeting::Event Meeting::on(const wire::Posted&, Time) { return Nothing{}; }

Meeting::Event Meeting::on(const wire::Full&, Time) {
    return Lost{{Errc::refused, "the relay had no room for a message"}};
}

Meeting::Event Meeting::on(const wire::Gap&, Time) { return Lost{{Errc::refused, "the relay has lost a message"}}; }

Meeting::Event Meeting::on(const wire::Refused& frame, Time) {
    leave();
    return Lost{{Errc::refused, wire::explain(frame.reason)}};
}

Meeting::Event Meeting::on(const wire::Restarting&, Time) {
    leave();
    return Lost{{Errc::restarting, "the relay restarts"}};
}

}  // namespace parley::client
