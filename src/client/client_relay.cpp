// The client and its relay: joining, resuming, posting, being refused.
#include "client/client.h"
#include "client/limits.h"
#include "identity/card.h"
#include "wire/codec.h"

namespace parley::client {
namespace {

/// What a new connection cannot mend.
bool is_final(wire::RefuseReason reason) {
    switch (reason) {
        case wire::RefuseReason::slow_reader:
        case wire::RefuseReason::too_late:
        case wire::RefuseReason::too_many:
        case wire::RefuseReason::no_memory: return false;
        default: return true;
    }
}

Error error_of(wire::RefuseReason reason) {
    const auto code = [&] {
        switch (reason) {
            case wire::RefuseReason::wrong_version: return Errc::wrong_version;
            case wire::RefuseReason::wrong_secret: return Errc::wrong_secret;
            case wire::RefuseReason::seat_taken_over: return Errc::seat_taken_over;
            case wire::RefuseReason::room_full: return Errc::room_full;
            case wire::RefuseReason::slow_reader: return Errc::slow_reader;
            default: return Errc::refused;
        }
    }();
    return {code, wire::explain(reason)};
}

}  // namespace

void Client::on_connected(Time now) {
    connection_.on_connected(now);
    send_join();
}

void Client::on_disconnected(Error why, Time now) {
    // After a Refused or Restarting that was already told, the end of the connection is no news.
    if (stopped_ || connection_.offline()) return;
    lose_connection(connection_.on_lost(now), why);
}

void Client::lose_connection(Duration retry_in, Error why) {
    actions_.emplace_back(Disconnect{});
    relay_ack_.on_lost();
    awaiting_list_ = false;
    show(ConnectionLost{why, retry_in});
}

void Client::on_frame(const wire::RelayFrame& frame, Time now) {
    if (stopped_ || connection_.offline()) return;
    connection_.on_frame(now);
    std::visit([&](const auto& value) { on(value, now); }, frame);
}

void Client::send(const wire::ClientFrame& frame) {
    Bytes bytes;
    wire::encode(frame, bytes);
    actions_.emplace_back(Send{std::move(bytes)});
}

void Client::send_join() {
    wire::Join join;
    join.room = room_;
    join.seat = seat_;
    join.secret = seat_secret_;
    if (epoch_) join.resume = wire::ResumePoint{*epoch_, last_seq_};
    join.grace_seconds = config_.grace_seconds;
    join.token = config_.token;
    send(join);
}

void Client::send_card() {
    const auto sealed = identity::seal_card(card_, room_key_, {room_, seat_}, random_);
    send(wire::Card{{sealed}});
}

void Client::on(const wire::Welcome& frame, Time now) {
    const bool first = !epoch_;
    reborn_ = !first && *epoch_ != frame.epoch;
    connection_.on_welcome(now);
    granted_grace_ = std::chrono::seconds(frame.grace_seconds);
    if (!first) recovering_until_ = now + recovery_time;
    const bool excused_long_ago = rosters_excused_until_ == Time{} || now >= rosters_excused_until_ + excuse_pause;
    if (!first && excused_long_ago) rosters_excused_until_ = now + recovery_time;
    if (first || reborn_) begin_epoch(frame, now);
    for (auto& [id, peer] : peers_) {
        peer->both_here_since = now;
        peer->question.reset();
    }
    send_card();
    for (const auto& pending : posts_.in_flight()) {
        send(wire::Post{pending.id, pending.to, {*pending.body}});
    }
    for (auto& [id, seat] : seats_) seat.listed = false;
    awaiting_list_ = true;
    send(wire::Ping{});  // its Pong comes after the last Seat frame
    show(Connected{reborn_});
}

void Client::begin_epoch(const wire::Welcome& frame, Time now) {
    dirty_ = true;
    epoch_ = frame.epoch;
    relay_ack_.on_new_epoch();
    last_seq_ = frame.next_seq == 0 ? 0 : frame.next_seq - 1;
    posts_.forget_all();
    owners_.clear();
    chunk_owners_.clear();
    retries_.clear();
    tried_again_.clear();
    seats_.clear();
    for (auto& [id, peer] : peers_) peer->reachable = false;
    transfers_.on_new_relay(now);
}

void Client::on(const wire::Pong&, Time now) {
    connection_.on_pong();
    if (std::exchange(awaiting_list_, false)) end_of_seat_list(now);
}

void Client::end_of_seat_list(Time now) {
    if (seats_.size() >= max_people && peers_.empty()) {
        return stop(Error{Errc::room_full, "this room already has 16 people: ask for another invitation"});
    }
    std::vector<SeatId> left;
    for (const auto& [id, seat] : seats_) {
        if (!seat.listed) left.push_back(id);
    }
    for (const auto& id : left) on_seat_gone(id, now);
    for (auto& [id, peer] : peers_) {
        if (!peer->reachable && !peer->absent_since && peer->person.presence != Presence::gone) {
            peer->absent_since = now;
            peer->person.presence = Presence::away;
            show(PresenceChanged{peer->person});
        }
        flush(*peer, now);
    }
    transfers_.on_caught_up(now);
}

void Client::on(const wire::Seat& frame, Time now) {
    if (frame.seat == seat_) return alarm(AlarmKind::bad_card, "the relay shows our own seat as somebody else's");
    if (frame.presence == wire::Presence::gone) return on_seat_gone(frame.seat, now);
    if (!seats_.contains(frame.seat) && seats_.size() >= 2 * max_people) return;
    auto& seat = seats_.try_emplace(frame.seat).first->second;
    seat.listed = true;
    if (!seat.introduction) {
        seat.seen_at = now;
        seat.presence = frame.presence;
    }
    if (frame.card) on_card(frame.seat, seat, frame.card->bytes, now);
    on_presence(frame.seat, seat, frame.presence, now);
}

void Client::post(const SeatId& to, SealedBody body, std::optional<PostOwner> owner, Time now) {
    if (!connection_.online()) return;
    (void)now;
    const auto pending = posts_.add(to, std::move(body));
    if (owner) {
        owners_.emplace(pending.id, *owner);
        const bool again = std::erase_if(retries_, [&](const Retry& retry) { return retry.owner == *owner; }) > 0;
        if (again) tried_again_.emplace(pending.id, owner->person);
    }
    const bool was_sealed_for_it = owner && owner->number == 0;  // then that has told whether to save
    dirty_ = dirty_ || !was_sealed_for_it;
    send(wire::Post{pending.id, pending.to, {*pending.body}});
}

void Client::on(const wire::Posted& frame, Time now) {
    for (const auto id : posts_.accepted_up_to(frame.id)) {
        chunk_owners_.erase(id);
        const auto owner = owners_.extract(id);
        if (owner.empty()) continue;
        auto* peer = find_peer(owner.mapped().person);
        if (peer == nullptr) continue;
        const auto line = peer->outgoing.accepted(owner.mapped().number);
        if (line != 0) show_line(line, lines_.accepted(line, peer->person.id), &peer->person);
    }
    if (std::erase_if(tried_again_, [&](const auto& post) { return post.first <= frame.id; }) == 0) return;
    for (auto& [id, peer] : peers_) flush(*peer, now);
}

/// Something for this person was refused and is not accepted yet.
bool Client::refused_before(const Peer& peer) const {
    const auto waits = [&](const Retry& retry) {
        return retry.owner.person == peer.person.id && stored_body(retry.owner) != nullptr;
    };
    const auto on_its_way = [&](const auto& post) { return post.second == peer.person.id; };
    return std::ranges::any_of(retries_, waits) || std::ranges::any_of(tried_again_, on_its_way);
}

void Client::on(const wire::Full& frame, Time now) {
    dirty_ = true;  // it needs another id, whoever tries it again
    auto refused = posts_.refused(frame.id);
    tried_again_.erase(frame.id);
    if (const auto chunk = chunk_owners_.extract(frame.id)) {
        return transfers_.on_refused(chunk.mapped().file, chunk.mapped().index, now);
    }
    const auto found = owners_.extract(frame.id);
    // Flights of a handshake repeat themselves: if they were kept, a peer who sprays Inits could fill our memory.
    if (!refused || found.empty()) return;
    const auto& owner = found.mapped();
    auto* peer = find_peer(owner.person);
    // An acknowledgement went with it: who does not get it posts again what came.
    if (peer != nullptr) peer->repeats_until = std::max(peer->repeats_until, now + recovery_time);
    if (owner.number != 0) return retries_.push_back({*refused->to, std::move(refused->body), owner, now + full_retry});
    if (peer == nullptr) return;
    peer->ask_again = peer->ask_again || peer->incoming.has_hole();
    peer->due_for_ack(now + full_retry);
}

void Client::retry_refused(Time now) {
    if (!connection_.online()) return;
    while (!retries_.empty() && now >= retries_.front().at) {
        const auto retry = retries_.front();
        // Acknowledged, when it was asked for in between and came.
        if (stored_body(retry.owner) == nullptr) {
            retries_.pop_front();
            continue;
        }
        post(retry.to, to_post_again(*find_peer(retry.owner.person), retry.owner.number, now), retry.owner, now);
    }
}

void Client::on(const wire::Gap& frame, Time now) {
    alarm(AlarmKind::lost_by_relay, "the relay has forgotten what was for you: asked for it again", nullptr,
          frame.last - frame.first + 1);
    dirty_ = true;
    note_delivered(frame.last, 0, now);
    for (auto& [id, peer] : peers_) {
        peer->ask_again = true;
        peer->due_for_ack(now);
    }
}

void Client::on(const wire::Refused& frame, Time now) {
    if (is_final(frame.reason)) return stop(error_of(frame.reason));
    lose_connection(connection_.on_lost(now), error_of(frame.reason));
}

void Client::on(const wire::Restarting& frame, Time now) {
    const auto wait = connection_.on_restarting(now, std::chrono::milliseconds(frame.after_ms));
    lose_connection(wait, {Errc::restarting, "the relay restarts"});
}

/// What lasts is saved before it is acknowledged, because the relay forgets it then. Where a lost state does
/// not know that it was acknowledged, the relay gives what is left.
void Client::note_delivered(std::uint64_t seq, std::size_t bytes, Time now) {
    last_seq_ = std::max(last_seq_, seq);
    relay_ack_.on_delivered(seq, bytes, now);
}

void Client::on(const wire::Deliver& frame, Time now) {
    note_delivered(frame.seq, frame.body.bytes.size(), now);
    const auto found = seats_.find(frame.from);
    if (found == seats_.end()) return alarm(AlarmKind::bad_frame, "a frame from a seat that nobody has taken");
    auto& [id, seat] = *found;
    const auto body = frame.body.bytes;
    const auto kind = ratchet::kind_of(body);
    if (!kind) return alarm(AlarmKind::bad_frame, "a frame of no known kind or size");
    if (seat.blocked) return;
    // A chunk that is lost with the state is asked for again.
    if (*kind == ratchet::BodyKind::chunk) return on_chunk(id, body, now);
    if (*kind == ratchet::BodyKind::message) return on_message(id, seat, body, now);
    dirty_ = true;
    if (!seat.introduction || !seat.handshake) return;  // asks again once the card is here
    switch (*kind) {
        case ratchet::BodyKind::init: return apply(id, seat, seat.handshake->on_init(body, now), now);
        case ratchet::BodyKind::answer: return on_answer(id, seat, body, now);
        default: return on_hello(id, seat, now);
    }
}

void Client::stop(std::optional<Error> why) {
    if (std::exchange(stopped_, true)) return;
    connection_.end();
    actions_.emplace_back(Disconnect{});
    actions_.emplace_back(Stop{why});
}

}  // namespace parley::client
