// The client and its user: what can be asked, and what is answered when it cannot be done.
#include "base/utf8.h"
#include "client/client.h"
#include "client/limits.h"
#include "identity/fingerprint.h"

namespace parley::client {
namespace {

std::string only_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n') digits += c;
    }
    return digits;
}

bool means(const Person& person, std::string_view text) {
    return text == person.name || text == person.tag || text == "#" + person.tag ||
           text == person.name + "#" + person.tag;
}

}  // namespace

void Client::on_command(const Command& command, Time now) {
    if (stopped_) return;
    std::visit([&](const auto& value) { on(value, now); }, command);
}

void Client::on(const Say& command, Time) {
    if (command.text.empty()) return show(Refusal{"nothing to send: the message is empty"});
    if (command.text.size() > max_text) {
        return show(Refusal{"this message is over 60,000 bytes: send it in parts, or as a file"});
    }
    if (!is_valid_utf8(command.text)) return show(Refusal{"this message is not UTF-8: convert it first"});
    dirty_ = true;
    const auto line = lines_.add();
    unsaid_.push_back({line, Text{command.text, ttl_}});
    show(LineChanged{line, LineState::queued, std::nullopt, {}});
}

void Client::on(const Rename& command, Time now) {
    if (!identity::is_acceptable_name(command.name)) return show(Refusal{"a name has 1 to 64 bytes of UTF-8"});
    dirty_ = true;
    const auto former = std::exchange(self_person_.name, command.name);
    card_ = identity::encode({++card_number_, persona_.identity.public_identity(), persona_.identity.certificate(),
                              random_.bytes<32>(), command.name});
    card_changed_at_ = now;
    if (connection_.online()) send_card();
    // Those who know us learn it inside their sessions; the card is for who comes later.
    if (!peers_.empty()) unsaid_.push_back({0, NewName{command.name}});
    show(Renamed{self_person_, former});
}

void Client::on(const ListPeople&, Time) {
    Roster roster{self_person_, {}, 0};
    for (const auto& [id, peer] : peers_) {
        if (peer->person.presence != Presence::gone) roster.people.push_back(peer->person);
    }
    for (const auto& [id, seat] : seats_) {
        if (proven_at(id) != nullptr) continue;
        if (seat.blocked) roster.people.push_back(blocked_person(seat));
        else ++roster.unconfirmed;
    }
    show(std::move(roster));
}

Peer* Client::resolve(const Whom& whom) {
    std::vector<Peer*> found;
    for (auto& [id, peer] : peers_) {
        const bool there = peer->person.presence != Presence::gone;
        if (there && (whom.text.empty() || means(peer->person, whom.text))) found.push_back(peer.get());
    }
    if (found.size() == 1) return found.front();
    show(Refusal{found.empty() ? "nobody of that name is here: /who lists everyone"
                               : "more than one person is meant: say NAME#TAG as /who shows it"});
    return nullptr;
}

void Client::on(const ShowSafetyNumber& command, Time) {
    const auto* peer = resolve(command.whom);
    if (peer != nullptr) show(SafetyNumber{peer->person, own_safety_number(peer->person.id)});
}

void Client::on(const Verify& command, Time) {
    auto* peer = resolve(command.whom);
    if (peer == nullptr) return;
    const auto digits = only_digits(command.digits);
    if (digits.size() != 60) return show(Refusal{"a safety number has 60 digits: compare the one that /safety shows"});
    const bool matches = digits == own_safety_number(peer->person.id);
    // A state that may be copied is not made trustworthy by the right number: accept it first.
    if (matches && peer->person.trust == Trust::not_verified) {
        persona_.contacts.verify(peer->identity, peer->person.name);
        refresh_trust(*peer);
    }
    dirty_ = true;
    show(Verified{peer->person, matches});
}

void Client::on(const Accept& command, Time now) {
    dirty_ = true;
    for (auto& [id, seat] : seats_) {
        if (!is_meant(seat, command.whom)) continue;
        auto* there = proven_at(id);
        const bool same = there != nullptr && there->person.id == seat.introduction->id;
        return same ? accept_peer(*there, now) : accept_seat(id, seat, now);
    }
    if (auto* peer = resolve(command.whom)) accept_peer(*peer, now);
}

/// A seat that waits for a person's decision.
bool Client::is_meant(const Seat& seat, const Whom& whom) const {
    if (!seat.blocked || !seat.introduction) return false;
    return whom.text.empty() || means(introduced(seat.introduction->card), whom.text);
}

Person Client::blocked_person(const Seat& seat) const {
    auto person = introduced(seat.introduction->card);
    const auto trust = persona_.contacts.trust_in(person.id);
    person.trust = trust == Trust::blocked ? trust : Trust::key_changed;
    return person;
}

void Client::accept_peer(Peer& peer, Time now) {
    auto* seat = seat_of(peer);
    const auto trust = peer.person.trust;
    const bool waits = (seat != nullptr && seat->blocked) || trust == Trust::restarted || trust == Trust::blocked;
    if (!waits) return show(Refusal{"there is nothing to accept about this person"});
    persona_.contacts.trust(peer.person.id);
    peer.person.trust = persona_.contacts.trust_in(peer.person.id);
    if (seat != nullptr) seat->blocked = false;
    peer.renews = trust == Trust::restarted && !peer.replacement;
    if (peer.replacement) replace_session(peer, std::move(*peer.replacement));
    if (peer.renews) renew(peer, now);
    show(ChannelEstablished{peer.person});
    for (const auto& body : std::exchange(peer.for_replacement, {})) {
        if (peer.seat) (void)open_with(peer, *peer.seat, body, now);
    }
    flush(peer, now);
}

void Client::on(const Block& command, Time) {
    dirty_ = true;
    for (auto& [id, seat] : seats_) {
        if (!is_meant(seat, command.whom)) continue;
        persona_.contacts.met(seat.introduction->card.identity, {});
        persona_.contacts.block(seat.introduction->id);
        return show(Notice{"blocked: nothing goes to this person, and nothing of theirs is shown"});
    }
    auto* peer = resolve(command.whom);
    if (peer == nullptr) return;
    persona_.contacts.block(peer->person.id);
    obey_block(*peer);
    show(Notice{"blocked: nothing goes to this person, and nothing of theirs is shown"});
}

void Client::obey_block(Peer& peer) {
    peer.person.trust = Trust::blocked;
    if (auto* seat = seat_of(peer)) seat->blocked = true;
    for (const auto line : peer.outgoing.abandon()) {
        show_line(line, lines_.failed(line, peer.person.id), &peer.person, "you blocked this person");
    }
    transfers_.on_gone(peer.person.id);
}

void Client::on_contacts_changed(Time) {
    for (auto& [id, peer] : peers_) {
        const bool was_blocked = peer->person.trust == Trust::blocked;
        refresh_trust(*peer);
        if (!was_blocked && peer->person.trust == Trust::blocked) obey_block(*peer);
    }
}

void Client::accept_seat(const SeatId& id, Seat& seat, Time now) {
    seat.blocked = false;
    persona_.contacts.met(seat.introduction->card.identity, {});
    persona_.contacts.trust(seat.introduction->id);
    if (auto* before = proven_at(id)) {
        before->reachable = false;
        before->seat.reset();
        give_up_on(*before, "its seat belongs to another key now", now);
    }
    seat.seen_at = now;
    begin_handshake(id, seat, now);
}

void Client::on(const SetTimeToLive& command, Time) {
    if (command.seconds > max_ttl_seconds) return show(Refusal{"a message may live a year at most: /ttl 1h, /ttl off"});
    dirty_ = true;
    ttl_ = command.seconds;
    if (!peers_.empty()) unsaid_.push_back({0, TimeToLive{ttl_}});
    show(TimeToLiveChanged{self_person_, ttl_});
}

void Client::on(const Call& command, Time) {
    auto* peer = resolve(command.whom);
    if (peer == nullptr) return;
    if (!command.petname.empty() && !identity::is_acceptable_name(command.petname)) {
        return show(Refusal{"a name has 1 to 64 bytes of UTF-8"});
    }
    dirty_ = true;
    persona_.contacts.call(peer->person.id, command.petname);
    show(Notice{"noted: nobody else can come under this name now"});
}

void Client::on(const ListContacts&, Time) {
    ContactList list;
    for (const auto& [id, contact] : persona_.contacts.all()) {
        list.contacts.push_back({contact.name, contact.petname, identity::tag(contact.identity),
                                 persona_.contacts.trust_in(id), contact.first_seen, contact.last_seen});
    }
    show(std::move(list));
}

void Client::keep_seat(std::uint32_t grace_seconds, Time now) {
    config_.keeps_seat = true;
    transfers_.keep();
    config_.grace_seconds = grace_seconds;
    dirty_ = true;
    if (!connection_.online()) return;
    // The grace is part of the Join: joins again, under the same seat.
    actions_.emplace_back(Disconnect{});
    relay_ack_.on_lost();
    awaiting_list_ = false;
    connection_.start(now);
    on_time(now);
}

void Client::on(const Quit& command, Time now) { quitting_ = Quitting{now + command.patience}; }

/// Everything is with the relay, and whoever is there has opened it.
bool Client::drained() const {
    if (!epoch_) return false;  // whether there is a relay at all is not known yet
    if (!unsaid_.empty() || !retries_.empty()) return false;
    return std::ranges::all_of(peers_, [&](const auto& entry) {
        const auto& peer = *entry.second;
        if (peer.ack_due && peer.person.presence == Presence::present) return false;
        return peer.person.presence == Presence::present ? peer.outgoing.empty() : peer.outgoing.all_accepted();
    });
}

void Client::leave_if_done(Time now) {
    if (!quitting_ || (!drained() && now < quitting_->deadline)) return;
    for (auto& [id, peer] : peers_) {
        if (peer->ack_due && online_with(*peer)) send_ack(*peer, now);
    }
    std::uint64_t undelivered = unsaid_.size();
    for (const auto& [id, peer] : peers_) {
        const bool done =
            peer->person.presence == Presence::present ? peer->outgoing.empty() : peer->outgoing.all_accepted();
        if (!done) ++undelivered;
    }
    dirty_ = true;
    show(Drained{undelivered, config_.keeps_seat});
    // Who comes back to the seat is spared what came last.
    if (config_.keeps_seat) acknowledge(now, true);
    else if (connection_.online()) send(wire::Leave{});
    stop(std::nullopt);
}

}  // namespace parley::client
