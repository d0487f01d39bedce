// The client and the others' seats: cards, handshakes, who is there.
#include "client/client.h"
#include "client/limits.h"
#include "identity/fingerprint.h"

namespace parley::client {
namespace {

Presence told(wire::Presence presence) {
    return presence == wire::Presence::present ? Presence::present : Presence::away;
}

}  // namespace

Peer* Client::find_peer(const IdentityId& id) {
    const auto found = peers_.find(id);
    return found == peers_.end() ? nullptr : found->second.get();
}

Peer* Client::proven_at(const SeatId& seat) {
    for (auto& [id, peer] : peers_) {
        if (peer->seat == seat) return peer.get();
    }
    return nullptr;
}

Client::Seat* Client::seat_of(const Peer& peer) {
    const auto found = peer.seat ? seats_.find(*peer.seat) : seats_.end();
    return found == seats_.end() ? nullptr : &found->second;
}

void Client::on_card(const SeatId& id, Seat& seat, ByteView sealed, Time now) {
    auto plaintext = identity::open_card(sealed, room_key_, {room_, id});
    if (!plaintext) {
        return alarm(AlarmKind::bad_card,
                     "someone is here without this room's invitation, or a card was changed on the way");
    }
    if (seat.introduction && seat.introduction->plaintext == *plaintext) return;
    auto card = identity::decode_card(*plaintext);
    if (!card) return alarm(AlarmKind::bad_card, "a card that contradicts itself");
    auto card_id = id_of(card->identity);
    if (card_id == self_id_) return alarm(AlarmKind::bad_card, "our own identity came back as somebody else's");
    introduce(id, seat, {std::move(*card), std::move(*plaintext), card_id}, now);
}

void Client::introduce(const SeatId& id, Seat& seat, Introduction introduction, Time now) {
    const auto* before = seat.introduction.get();
    const auto* known = proven_at(id);
    const bool changed = before != nullptr && before->id != introduction.id;
    const bool older = before != nullptr && !changed && introduction.card.number <= before->card.number;
    if (older) return alarm(AlarmKind::bad_card, "an older card was shown again");
    const bool imitates = persona_.contacts.imitates(introduction.card.name, introduction.id);
    seat.introduction = std::make_unique<Introduction>(std::move(introduction));
    if (changed) {
        suspect(seat, "this seat shows another key than before: it is not the same person",
                known ? &known->person : nullptr);
        seat.blocked = seat.blocked || known != nullptr;
    }
    if (imitates) {
        const auto person = introduced(seat.introduction->card);
        suspect(seat, "someone with another key uses the name of a person you know", &person);
        seat.blocked = true;
    }
    seat.blocked = seat.blocked || persona_.contacts.trust_in(seat.introduction->id) == Trust::blocked;
    seat.handshake.emplace(self_, *seat.introduction, now);
    auto* peer = find_peer(seat.introduction->id);
    if (peer == nullptr) return begin_handshake(id, seat, now);
    const bool moved = !peer->reachable;
    if (moved || peer->seat == id) reach(*peer, id, now);
}

void Client::suspect(Seat& seat, std::string_view why, const Person* known) {
    dirty_ = true;
    const auto& card = seat.introduction->card;
    persona_.contacts.suspect(card.identity, card.name);
    alarm(AlarmKind::key_changed, why, known);
}

void Client::distrust(Peer& peer, AlarmKind kind, std::string_view what) {
    persona_.contacts.unverify(peer.person.id);
    peer.person.trust = Trust::restarted;
    alarm(kind, what, &peer.person);
}

/// A state that was lost or copied stays so until it is accepted, whatever is known of the person.
void Client::refresh_trust(Peer& peer) {
    if (peer.person.trust != Trust::restarted) peer.person.trust = persona_.contacts.trust_in(peer.person.id);
}

void Client::begin_handshake(const SeatId& id, Seat& seat, Time now) {
    if (seat.blocked || seat.presence != wire::Presence::present) return seat.handshake->rest();
    if (peers_.size() >= max_people - 1 && find_peer(seat.introduction->id) == nullptr) {
        const auto gone = std::ranges::find_if(
            peers_, [](const auto& entry) { return entry.second->person.presence == Presence::gone; });
        if (gone == peers_.end()) return seat.handshake->rest();
        peers_.erase(gone);
    }
    apply(id, seat, seat.handshake->begin(now), now);
}

void Client::on_answer(const SeatId& id, Seat& seat, ByteView body, Time now) {
    const auto* peer = find_peer(seat.introduction->id);
    const bool confirmation_was_lost = peer && peer->confirmation && seat.handshake->resting();
    if (confirmation_was_lost) return post(id, peer->confirmation, std::nullopt, now);
    apply(id, seat, seat.handshake->on_answer(body, now), now);
}

/// Who answered and says Hello again has lost what it answered with: it ended in between. But anybody can say it, so
/// where a session is in use with who sits there, that has the first word (PROTOCOL 3.2).
void Client::on_hello(const SeatId& id, Seat& seat, Time now) {
    auto* peer = proven_at(id);
    const bool in_use = peer != nullptr && peer->session.has_opened() && online_with(*peer);
    if (in_use && seat.handshake->we_initiate() && !seat.handshake->has_initiated()) return ask(*peer, now);
    apply(id, seat, seat.handshake->on_hello(now), now);
}

/// Once in a while: whoever makes Hellos up has a frame for it now and then, and no more.
void Client::ask(Peer& peer, Time now) {
    if (peer.question && now < peer.question->asked_at + answer_patience) return;
    peer.question = Question{now};
    send_signal(peer, StillThere{}, now);
}

/// Nobody who has the session needs another one, however late it said so.
void Client::on_answered(Peer& peer) {
    if (peer.question) peer.question->answered = true;
    auto* seat = seat_of(peer);
    const bool in_doubt = seat != nullptr && seat->handshake && seat->handshake->has_initiated();
    if (in_doubt && peer.may_be_written_to()) seat->handshake->rest();
}

void Client::on_unanswered(Peer& peer, Time now) {
    peer.question.reset();
    auto* seat = seat_of(peer);
    if (seat == nullptr || !seat->handshake || seat->blocked) return;
    apply(*peer.seat, *seat, seat->handshake->on_hello(now), now);
}

void Client::apply(const SeatId& id, Seat& seat, HandshakeStep step, Time now) {
    const bool leftover = finds_leftovers(now) && step.alarm && step.alarm->kind == AlarmKind::bad_handshake;
    if (step.alarm && !leftover) {
        const auto person = introduced(seat.introduction->card);
        alarm(step.alarm->kind, step.alarm->what, &person);
    }
    for (auto& body : step.post) post(id, std::move(body), std::nullopt, now);
    if (!step.finished) return;
    auto confirmation = std::make_shared<const Bytes>(std::move(step.finished->confirmation));
    establish(id, seat, std::move(step.finished->session), std::move(confirmation), now);
}

void Client::establish(const SeatId& id, Seat& seat, ratchet::Session session, SealedBody confirmation, Time now) {
    dirty_ = true;
    auto* peer = find_peer(seat.introduction->id);
    if (peer != nullptr && peer->session.has_opened() && !peer->renews) {
        return keep_beside(*peer, id, std::move(session), std::move(confirmation), now);
    }
    if (peer == nullptr) {
        keep_roster(now);
        const auto& card = seat.introduction->card;
        auto made = std::make_unique<Peer>(card.identity, introduced(card), std::move(session));
        peer = peers_.emplace(seat.introduction->id, std::move(made)).first->second.get();
        persona_.contacts.met(card.identity, card.name);
        refresh_trust(*peer);
        show(ChannelEstablished{peer->person});
        transfers_.on_newcomer(peer->person.id);
    } else {
        replace_session(*peer, std::move(session));
    }
    peer->confirmation = std::move(confirmation);
    peer->reachable = false;  // whatever it was: everything goes out from the beginning
    peer->due_for_ack(now);   // tells where our chain stands
    reach(*peer, id, now);
}

/// PROTOCOL 3.9: beside a session that was in use a new one only waits.
void Client::keep_beside(Peer& peer, const SeatId& id, ratchet::Session session, SealedBody confirmation, Time now) {
    if (confirmation) post(id, std::move(confirmation), std::nullopt, now);
    peer.replacement = std::move(session);
    distrust(peer, AlarmKind::restarted,
             "lost its state, or someone copied its key: nothing is sent until you /accept");
}

void Client::replace_session(Peer& peer, ratchet::Session session) {
    peer.session = std::move(session);
    peer.replacement.reset();
    peer.renews = false;
    peer.outgoing.restart();
    peer.chain = 0;
    peer.first_unsaved_key = 0;
    peer.keys_reserved = 0;
    peer.incoming = {};
    peer.held.clear();
    peer.shown_through = 0;
    peer.read_told = 0;
    peer.question.reset();
    peer.hole_since.reset();
}

void Client::reach(Peer& peer, const SeatId& seat, Time now) {
    peer.seat = seat;
    const bool was_out_of_reach = !std::exchange(peer.reachable, true);
    const bool was_given_up = peer.person.presence == Presence::gone;
    peer.absent_since.reset();
    const auto found = seats_.find(seat);
    if (found != seats_.end()) {
        note_presence(peer, found->second.presence, now);
        if (found->second.handshake && !found->second.handshake->pending()) found->second.handshake->rest();
    }
    if (was_out_of_reach) {
        // A relay that was reborn has none of it: stored bytes go out once more (PROTOCOL 6).
        if (peer.confirmation) post(seat, peer.confirmation, std::nullopt, now);
        post_again(peer, peer.outgoing.outstanding(), now);
        if (was_given_up) peer.due_for_ack(now);  // tells what need not be waited for
    }
    flush(peer, now);
}

void Client::note_presence(Peer& peer, wire::Presence presence, Time now) {
    if (peer.person.presence == Presence::gone) keep_roster(now);
    if (std::exchange(peer.person.presence, told(presence)) == told(presence)) return;
    show(PresenceChanged{peer.person});
    peer.question.reset();  // who is away cannot answer, and says Hello again
    if (presence != wire::Presence::present) return;
    peer.both_here_since = now;
    peer.repeats_until = now + recovery_time;
    transfers_.on_back(peer.person.id, now);
    peer.unsaved_signals = max_unsaved_signals;  // who was away may have skipped keys: that is saved once
    if (peer.renews) renew(peer, now);
}

/// PROTOCOL 3.9: what it seals we have seen before, and what we seal it may not open any more.
void Client::renew(Peer& peer, Time now) {
    auto* seat = seat_of(peer);
    if (seat != nullptr && seat->handshake) begin_handshake(*peer.seat, *seat, now);
}

void Client::on_presence(const SeatId& id, Seat& seat, wire::Presence presence, Time now) {
    const bool came_back = seat.presence != presence && presence == wire::Presence::present;
    seat.presence = presence;
    if (auto* peer = proven_at(id)) {
        note_presence(*peer, presence, now);
        if (!peer->reachable) reach(*peer, id, now);
    } else if (seat.handshake && came_back && seat.handshake->resting()) {
        begin_handshake(id, seat, now);
    }
}

void Client::on_seat_gone(const SeatId& id, Time now) {
    seats_.erase(id);
    auto* peer = proven_at(id);
    if (peer == nullptr) return;
    peer->reachable = false;
    peer->seat.reset();
    give_up_on(*peer, "left before opening it", now);
}

void Client::give_up_on(Peer& peer, std::string_view reason, Time now) {
    dirty_ = true;
    keep_roster(now);
    peer.person.presence = Presence::gone;
    peer.absent_since.reset();
    for (const auto line : peer.outgoing.abandon()) {
        show_line(line, lines_.failed(line, peer.person.id), &peer.person, reason);
    }
    show(PresenceChanged{peer.person});
    transfers_.on_gone(peer.person.id);
}

}  // namespace parley::client
