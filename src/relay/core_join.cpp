// A Join: who may have the seat, what they are told, where they go on.
#include "relay/core.h"

namespace parley::relay {

void Core::on(ConnectionId id, const wire::Join& frame, Time now) {
    if (const auto reason = reason_to_refuse(frame, now)) return refuse(id, *reason, now);
    auto* room = find_room(frame.room);
    if (room == nullptr) {
        room = &rooms_.try_emplace(frame.room, frame.room, random_.id<RoomEpoch>(), limits_, memory_).first->second;
        room->admit_join(now);
    }
    auto* seat = room->find(frame.seat);
    const bool is_new = seat == nullptr;
    if (is_new) seat = &room->add(frame.seat, SeatSecret(FixedView<32>(frame.secret)));
    take_over(*seat);
    sit_down(id, *room, *seat, frame, now);
    welcome(id, *room, *seat);
    resume(*room, *seat, frame, is_new);
}

std::optional<wire::RefuseReason> Core::reason_to_refuse(const wire::Join& frame, Time now) {
    using enum wire::RefuseReason;
    if (frame.version != wire::protocol_version) return wrong_version;
    if (frame.seat == SeatId()) return protocol_error;  // in a Post it means everyone
    auto* room = find_room(frame.room);
    if (room == nullptr && above(limits_.no_newcomers_percent)) return no_memory;
    if (room == nullptr) return std::nullopt;
    if (!room->admit_join(now)) return too_many;
    const auto* seat = room->find(frame.seat);
    if (seat == nullptr && room->size() >= limits_.seats_per_room) return room_full;
    if (seat == nullptr) return std::nullopt;
    // PROTOCOL 6: compared in constant time.
    if (!equal_constant_time(seat->secret.reveal(), frame.secret)) return wrong_secret;
    return std::nullopt;
}

Room* Core::find_room(const RoomId& id) {
    const auto found = rooms_.find(id);
    return found == rooms_.end() ? nullptr : &found->second;
}

/// The newest connection wins, and the loser is told.
void Core::take_over(Seat& seat) {
    if (!seat.connection) return;
    const auto loser = *seat.connection;
    send(loser, wire::Refused{wire::RefuseReason::seat_taken_over});
    close(loser);
}

void Core::sit_down(ConnectionId id, Room& room, Seat& seat, const wire::Join& frame, Time now) {
    auto& connection = connections_[id];
    connection.stage = Stage::seated;
    connection.heard_at = now;
    connection.room = &room;
    connection.seat = &seat;
    --not_joined_;
    seat.connection = id;
    away_.remove({&room, &seat});
    seat.grace = std::min(Grace(frame.grace_seconds), std::chrono::floor<Grace>(limits_.longest_grace));
}

void Core::welcome(ConnectionId id, Room& room, const Seat& seat) {
    send(id, wire::Welcome{room.epoch(), seat.id, room.goes_on_at(seat), static_cast<std::uint32_t>(wire::max_body),
                           static_cast<std::uint16_t>(limits_.seats_per_room), seat.grace.count()});
    auto& connection = connections_[id];
    room.for_each([&](const Seat& other) {
        if (&other == &seat) return;
        const auto frame = shown(other, other.connection ? wire::Presence::present : wire::Presence::away);
        // The list of a large room is no fault of its reader.
        connection.allowed += static_cast<std::uint32_t>(frame.size());
        send(id, frame);
    });
    announce(room, seat, wire::Presence::present);
}

void Core::resume(Room& room, Seat& seat, const wire::Join& frame, bool is_new) {
    const bool same_life = frame.resume && frame.resume->epoch == room.epoch();
    const auto last_seq = same_life ? std::optional(frame.resume->last_seq) : std::nullopt;
    const auto last_before = room.next_seq() - 1;
    // Its earlier seat is over: what was for it in between is gone, and that is said.
    if (is_new && last_seq && *last_seq < last_before) send(*seat.connection, wire::Gap{*last_seq + 1, last_before});
    if (const auto lost = room.resume(seat, last_seq)) send(*seat.connection, wire::Gap{lost->first, lost->last});
    catch_up(seat);
}

}  // namespace parley::relay
