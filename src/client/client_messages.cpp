// The client and what is said: sealing, opening, acknowledging, comparing histories.
#include "client/client.h"
#include "client/limits.h"
#include "crypto/hash.h"
#include "crypto/labels.h"

namespace parley::client {

void Client::on_message(const SeatId& id, Seat& seat, ByteView body, Time now) {
    auto* here = proven_at(id);
    auto* claimed = seat.introduction ? find_peer(seat.introduction->id) : nullptr;
    if (here != nullptr && open_with(*here, id, body, now)) return;
    dirty_ = true;
    if (claimed != nullptr && claimed != here && open_with(*claimed, id, body, now)) return;
    if (open_pending(id, seat, body, now)) return;
    if (here != nullptr && here->replacement && here->for_replacement.size() < max_held) {
        here->for_replacement.push_back(to_bytes(body));
        return;
    }
    if (here == nullptr && seat.handshake && finds_leftovers(now)) {
        return apply(id, seat, seat.handshake->on_foreign_confirmation(now), now);
    }
    alarm(AlarmKind::bad_frame, "a frame that no key of ours opens: changed on the way, or not for us",
          here ? &here->person : nullptr);
}

/// True when this session has decided about the body, for good or ill.
bool Client::open_with(Peer& peer, const SeatId& id, ByteView body, Time now) {
    auto opened = peer.session.open(body, now);
    if (opened) {
        on_opened(peer, id, opened->reveal(), now);
        return true;
    }
    if (opened.error().code == Errc::no_header_key) return false;
    dirty_ = true;
    on_refused_body(peer, opened.error(), now);
    return true;
}

bool Client::open_pending(const SeatId& id, Seat& seat, ByteView body, Time now) {
    auto* pending = seat.handshake ? seat.handshake->pending() : nullptr;
    if (pending == nullptr) return false;
    auto opened = pending->open(body, now);
    if (!opened) return false;
    const auto person = seat.introduction->id;
    establish(id, seat, seat.handshake->take_pending(), nullptr, now);
    auto* peer = find_peer(person);
    if (peer != nullptr && !peer->replacement) on_opened(*peer, id, opened->reveal(), now);
    else if (peer != nullptr && opened->size() > 0) peer->for_replacement.push_back(to_bytes(body));
    return true;
}

void Client::on_refused_body(Peer& peer, Error why, Time now) {
    switch (why.code) {
        case Errc::duplicate:
            peer.due_for_ack(now + ack_delay);  // they may not know yet that it came
            if (now >= std::max(recovering_until_, peer.repeats_until))
                alarm(AlarmKind::repeated, "a frame came twice and was shown once", &peer.person);
            return;
        case Errc::rolled_back:
            if (peer.renews) return;  // it was accepted, and the session that tells is given up
            return distrust(peer, AlarmKind::rolled_back,
                            "came back with an old state, or someone copied it: nothing is sent until you /accept");
        case Errc::too_many_skipped:
            return alarm(AlarmKind::missing, "too many messages are missing before one that came", &peer.person);
        default: return alarm(AlarmKind::bad_frame, "a frame was forged or changed on the way", &peer.person);
    }
}

/// A signal that changes nothing else may be lost with the state: the next one says more. Its key is skipped then.
bool Client::is_passing(const Peer& peer, const SeatId& seat, const Result<Envelope>& envelope) const {
    if (!envelope || !envelope->signal || peer.confirmation) return false;
    const bool nothing_to_acknowledge = !peer.outgoing.oldest_post();
    return nothing_to_acknowledge && peer.reachable && peer.seat == seat && peer.unsaved_signals < max_unsaved_signals;
}

void Client::on_opened(Peer& peer, const SeatId& seat, ByteView plaintext, Time now) {
    const auto envelope = decode_envelope(plaintext);
    if (is_passing(peer, seat, envelope)) ++peer.unsaved_signals;
    else dirty_ = true;
    peer.confirmation.reset();
    on_answered(peer);
    if (peer.seat != seat || !peer.reachable) reach(peer, seat, now);
    if (plaintext.empty()) return;  // the initiator's confirmation
    if (!envelope)
        return alarm(AlarmKind::bad_frame, "sealed rightly, but it means nothing: an incompatible version?",
                     &peer.person);
    auto& chain = chains_[peer.person.id];
    if (!chain.begun() && !envelope->content) {
        chain.begin(envelope->head);
        dirty_ = true;
    }
    on_ack(peer, envelope->ack, now);
    if (envelope->ack.post_again) peer.due_for_ack(now);  // there may be nothing to post
    on_signs(peer, envelope->signs, now);
    on_settled(peer, *envelope, now);
    if (envelope->content) on_numbered(peer, *envelope->content, now);
    if (envelope->signal) std::visit([&](const auto& signal) { on(peer, signal, now); }, *envelope->signal);
    if (peer.incoming.expect(envelope->sent)) {
        dirty_ = true;
        peer.ask_again = true;
        peer.due_for_ack(now);
        if (!peer.hole_since) peer.hole_since = now;
    }
}

void Client::on_ack(Peer& peer, const DeliveryAck& ack, Time now) {
    const auto result = peer.outgoing.acknowledge(ack, now);
    if (!result.opened.empty()) peer.stall_named = false;
    for (const auto line : result.opened) {
        show_line(line, lines_.opened(line, peer.person.id), &peer.person);
    }
    post_again(peer, result.post_again, now);
    flush(peer, now);  // the window may have opened
}

/// PROTOCOL 4.2: what its sender gave up is not awaited any more, and nothing waits behind it.
void Client::on_settled(Peer& peer, const Envelope& envelope, Time now) {
    const auto lost = peer.incoming.settle(envelope.settled);
    if (lost == 0) return;
    dirty_ = true;
    chains_[peer.person.id].pass_over(envelope.head);
    alarm(AlarmKind::missing, "messages to you were given up while you could not be reached: they will not come",
          &peer.person, lost);
    release(peer, now);
}

void Client::on_numbered(Peer& peer, const Numbered& content, Time now) {
    switch (peer.incoming.add(content.number)) {
        case Incoming::Arrival::repeated: return peer.due_for_ack(now + ack_delay);
        case Incoming::Arrival::too_far:
            return alarm(AlarmKind::missing, "too many messages are missing before one that came", &peer.person);
        case Incoming::Arrival::beyond_hole:
            if (!peer.hole_since) peer.hole_since = now;
            peer.due_for_ack(now);  // asks for what is missing
            break;
        default: peer.due_for_ack(now + ack_delay);
    }
    peer.held.emplace(content.number, to_bytes(content.content));
    release(peer, now);
}

void Client::release(Peer& peer, Time now) {
    const bool patient = peer.hole_since && now < *peer.hole_since + hole_patience;
    while (!peer.held.empty()) {
        const auto first = peer.held.begin();
        if (first->first > peer.incoming.through() && (patient || !peer.hole_since)) break;
        const auto content = peer.held.extract(first);
        release_one(peer, content.key(), content.mapped(), now);
    }
    if (!peer.incoming.has_hole()) peer.hole_since.reset();
}

void Client::release_one(Peer& peer, std::uint64_t number, ByteView encoded, Time now) {
    const bool late = number < peer.shown_through;
    peer.shown_through = std::max(peer.shown_through, number);
    const auto content = decode_content(encoded);
    if (!content)
        return alarm(AlarmKind::bad_frame, "sealed rightly, but it means nothing: an incompatible version?",
                     &peer.person);
    const auto verdict = chains_[peer.person.id].add(*content, hash_of(encoded));
    if (verdict == Chain::Verdict::repeated) return;
    if (verdict == Chain::Verdict::fork) {
        alarm(AlarmKind::fork, "tells different people different things, or the relay split the room", &peer.person);
    }
    check_heads(*content, now);
    note_roster(peer, content->roster, now);
    if (const auto* text = std::get_if<Text>(&content->said)) {
        stop_typing(peer);
        show(MessageReceived{peer.person, text->text, late, text->ttl});
    } else if (const auto* name = std::get_if<NewName>(&content->said)) {
        rename(peer, name->name);
    } else if (const auto* wish = std::get_if<TimeToLive>(&content->said)) {
        ttl_ = wish->seconds;
        show(TimeToLiveChanged{peer.person, ttl_});
    } else if (const auto* offer = std::get_if<FileOffer>(&content->said)) {
        on(peer, *offer, now);
    } else if (const auto* answer = std::get_if<FileAnswer>(&content->said)) {
        on(peer, *answer, now);
    }
}

void Client::rename(Peer& peer, const std::string& name) {
    if (persona_.contacts.imitates(name, peer.person.id)) {
        return alarm(AlarmKind::key_changed, "wants the name of another person you know, and does not get it",
                     &peer.person);
    }
    persona_.contacts.met(peer.identity, name);
    const auto former = std::exchange(peer.person.name, name);
    show(Renamed{peer.person, former});
}

void Client::check_heads(const Content& content, Time now) {
    for (const auto& [author, head] : content.heads) {
        const bool ours = author == self_id_;
        const auto chain = chains_.find(author);
        if (!ours && chain == chains_.end()) continue;
        const auto claim = (ours ? own_chain_ : chain->second).compare(head);
        const auto* peer = find_peer(author);
        const auto* person = peer ? &peer->person : nullptr;
        if (claim == Chain::Claim::fork) {
            alarm(AlarmKind::fork,
                  "two people were shown different messages of one author: the relay or the author splits the room",
                  ours ? &self_person_ : person);
        } else if (claim == Chain::Claim::ahead && !ours) {
            withheld_.try_emplace(author, Withheld{head.k, now + withheld_patience});
        }
    }
}

void Client::note_roster(Peer& peer, const RosterHash& roster, Time now) {
    peer.roster = roster;
    if (roster == roster_hash()) {
        peer.roster_differs_since.reset();
        peer.roster_named = false;
    } else if (!peer.roster_differs_since && !was_ours(roster, now)) {
        peer.roster_differs_since = now;
    }
}

/// Before somebody comes or goes: what is on its way was written to those who are here now.
void Client::keep_roster(Time now) {
    std::erase_if(former_rosters_, [&](const FormerRoster& former) { return former.until + roster_patience <= now; });
    if (former_rosters_.size() == max_people) former_rosters_.erase(former_rosters_.begin());
    former_rosters_.push_back({roster_hash(), now});
}

bool Client::was_ours(const RosterHash& roster, Time now) const {
    const auto is_it = [&](const FormerRoster& former) {
        return former.hash == roster && now < former.until + roster_patience;
    };
    return now < rosters_excused_until_ || std::ranges::any_of(former_rosters_, is_it);
}

SealedBody Client::seal(Peer& peer, const Envelope& envelope) {
    if (!peer.session.next_in_chain()) {  // it begins another chain
        peer.first_unsaved_key = 0;
        ++peer.chain;
    }
    const bool is_saved = envelope.signal && peer.has_reserved_key();
    if (envelope.signal && !is_saved) {
        peer.keys_reserved = std::clamp(2 * peer.keys_reserved, first_keys_reserved, most_keys_reserved);
    }
    auto body = peer.session.seal(encode(envelope).reveal(), random_);
    if (!body) return nullptr;
    dirty_ = dirty_ || !is_saved;
    return std::make_shared<const Bytes>(std::move(*body));
}

SealedBody Client::seal(Peer& peer, std::uint64_t number, const Parcel& parcel) {
    auto envelope = envelope_for(peer);
    envelope.sent = std::max(number, envelope.sent);
    envelope.content = Numbered{number, *parcel.content};
    return seal(peer, envelope);
}

/// What everything that is sealed for this person tells.
Envelope Client::envelope_for(Peer& peer) const {
    Envelope envelope{peer.incoming.ack(), own_chain_.head(), peer.outgoing.last_number(), peer.outgoing.settled(),
                      signs_for(peer)};
    envelope.ack.post_again = std::exchange(peer.ask_again, false);
    return envelope;
}

/// Where something refused waits for its next try, nothing overtakes it: its reader would take it for lost.
void Client::flush(Peer& peer, Time now) {
    if (!online_with(peer) || refused_before(peer)) return;
    while (const auto next = peer.outgoing.next_to_seal()) {
        const auto& [number, parcel] = *next;
        auto body = seal(peer, number, parcel);
        if (!body) return;
        peer.outgoing.sealed(body, peer.chain, now);
        peer.ack_due.reset();
        post(*peer.seat, std::move(body), PostOwner{peer.person.id, number}, now);
    }
}

void Client::send_ack(Peer& peer, Time now, bool typing) {
    peer.ack_due.reset();
    auto envelope = envelope_for(peer);
    envelope.signs.typing = typing;
    if (auto body = seal(peer, envelope)) post(*peer.seat, std::move(body), PostOwner{peer.person.id, 0}, now);
}

void Client::post_again(Peer& peer, const std::vector<std::uint64_t>& numbers, Time now) {
    if (!connection_.online() || !peer.reachable) return;
    for (const auto number : numbers) {
        post(*peer.seat, to_post_again(peer, number, now), PostOwner{peer.person.id, number}, now);
    }
}

/// The stored bytes; or others, where they have been held back for so many steps that nobody can open them any more
/// (PROTOCOL 3.8).
const SealedBody& Client::to_post_again(Peer& peer, std::uint64_t number, Time now) {
    if (peer.outgoing.is_stale(number, peer.chain) && peer.may_be_written_to()) {
        auto body = seal(peer, number, peer.outgoing.parcel_of(number));
        if (body) peer.outgoing.sealed_anew(number, std::move(body), peer.chain);
    }
    return peer.outgoing.posted_again(number, now);
}

bool Client::may_say(Time now) const {
    const auto deadline = say_deadline();
    const bool somebody = std::ranges::any_of(peers_, [](const auto& entry) { return entry.second->belongs(); });
    return somebody && (!deadline || now >= *deadline);
}

/// Who is shaking hands at this moment hears it too: it waits a little for them.
std::optional<Time> Client::say_deadline() const {
    std::optional<Time> latest;
    for (const auto& [id, seat] : seats_) {
        const bool arriving = seat.handshake && !seat.handshake->resting() && seat.presence == wire::Presence::present;
        if (!arriving) continue;
        const auto until = seat.seen_at + newcomer_patience;
        latest = latest ? std::max(*latest, until) : until;
    }
    return latest;
}

void Client::say_waiting(Time now) {
    while (!unsaid_.empty() && may_say(now)) {
        const auto unsaid = std::move(unsaid_.front());
        unsaid_.pop_front();
        say(unsaid, now);
    }
}

void Client::say(const Unsaid& unsaid, Time now) {
    const auto before = own_chain_.head();
    const Content content{random_.id<ContentId>(), before.k + 1, before.hash, roster_hash(), heads(), unsaid.said};
    const auto encoded = std::make_shared<const Bytes>(encode(content));
    own_chain_.add(content, hash_of(*encoded));
    dirty_ = true;
    for (auto& [id, peer] : peers_) {
        if (!peer->belongs()) continue;
        peer->typing_told = {};  // what is typed next is news again
        if (unsaid.line != 0) lines_.expect(unsaid.line, id);
        if (const auto* offer = std::get_if<FileOffer>(&unsaid.said)) transfers_.on_said(*offer, id);
        peer->outgoing.queue({unsaid.line, encoded});
        flush(*peer, now);
    }
}

RosterHash Client::roster_hash() const {
    Bytes ids;
    bool self_written = false;
    const auto write_self = [&] {
        append(ids, self_id_.view());
        self_written = true;
    };
    for (const auto& [id, peer] : peers_) {
        if (!peer->belongs()) continue;
        if (!self_written && self_id_ < id) write_self();
        append(ids, id.view());
    }
    if (!self_written) write_self();
    return RosterHash(crypto::sha256({crypto::labels::roster_hash, ids}).view());
}

std::vector<HeadOf> Client::heads() const {
    std::vector<HeadOf> heads;
    for (const auto& [author, chain] : chains_) {
        if (heads.size() == max_people - 1) break;
        heads.push_back({author, chain.head()});
    }
    return heads;
}

}  // namespace parley::client
