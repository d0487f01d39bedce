// The whole of a room as bytes, and back (PROTOCOL 3.8, 8). What is left out begins anew: handshakes in
// progress, the connection, and what is only known to be late.
#include "client/client.h"
#include "client/limits.h"
#include "client/parcels.h"
#include "client/save.h"
#include "identity/card.h"
#include "identity/fingerprint.h"

namespace parley::client {
namespace {

/// 2: with the files of the room. 3: with the chains in which bodies were sealed.
constexpr std::uint8_t version = 3;
constexpr std::uint8_t without_chains = 2;
constexpr std::uint8_t without_files = 1;

enum class SaidKind : std::uint8_t { text = 1, new_name = 2, time_to_live = 3, file_offer = 4, file_answer = 5 };

struct SaveSaid {
    Saver& out;

    void kind(SaidKind kind) const { out.number(static_cast<std::uint8_t>(kind)); }
    void operator()(const Text& said) const {
        kind(SaidKind::text);
        out.text(said.text);
        out.number(said.ttl);
    }
    void operator()(const NewName& said) const {
        kind(SaidKind::new_name);
        out.text(said.name);
    }
    void operator()(const TimeToLive& said) const {
        kind(SaidKind::time_to_live);
        out.number(said.seconds);
    }
    void operator()(const FileOffer& said) const { encoded(SaidKind::file_offer, said); }
    void operator()(const FileAnswer& said) const { encoded(SaidKind::file_answer, said); }

    template <class Value>
    void encoded(SaidKind which, const Value& said) const {
        kind(which);
        Bytes bytes;
        Writer writer(bytes);
        write(writer, said);
        out.bytes(bytes);
        wipe(bytes);
    }
};

template <class Value>
Said loaded(Loader& in, Result<Value> (*read)(Reader&)) {
    Reader reader(in.bytes());
    auto value = read(reader);
    in.expect(value.has_value());
    return value ? Said(std::move(*value)) : Said(Text{});
}

Said load_said(Loader& in) {
    switch (static_cast<SaidKind>(in.number<std::uint8_t>())) {
        case SaidKind::text: {
            auto text = in.text();
            return Text{std::move(text), in.number<std::uint32_t>()};
        }
        case SaidKind::new_name: return NewName{in.text()};
        case SaidKind::time_to_live: return TimeToLive{in.number<std::uint32_t>()};
        case SaidKind::file_offer: return loaded(in, read_file_offer);
        case SaidKind::file_answer: return loaded(in, read_file_answer);
    }
    in.expect(false);
    return Text{};
}

void save_bodies(Saver& out, const std::vector<Bytes>& bodies) {
    out.count(bodies.size());
    for (const auto& body : bodies) out.bytes(body);
}

void save_held(Saver& out, const std::map<std::uint64_t, Bytes>& held) {
    out.count(held.size());
    for (const auto& [number, content] : held) {
        out.number(number);
        out.bytes(content);
    }
}

std::map<std::uint64_t, Bytes> load_held(Loader& in) {
    std::map<std::uint64_t, Bytes> held;
    for (auto left = in.count(8 + 4, max_held); left > 0; --left) {
        const auto number = in.number<std::uint64_t>();
        in.expect(held.empty() || held.rbegin()->first < number);
        held.emplace(number, to_bytes(in.bytes()));
    }
    return held;
}

void save_peer(Saver& out, const Peer& peer) {
    out.raw(peer.identity.bytes());
    out.text(peer.person.name);
    out.flag(peer.person.trust == Trust::restarted);
    out.flag(peer.person.presence == Presence::gone);
    out.bytes(peer.session.save(out.now(), peer.first_unsaved_key).reveal());
    out.flag(peer.replacement.has_value());
    if (peer.replacement) out.bytes(peer.replacement->save(out.now()).reveal());
    save_bodies(out, peer.for_replacement);
    out.flag(peer.renews);
    out.flag(peer.seat.has_value());
    if (peer.seat) out.id(*peer.seat);
    out.flag(peer.reachable);
    out.age(peer.absent_since);
    out.flag(peer.confirmation != nullptr);
    if (peer.confirmation) out.bytes(*peer.confirmation);
    peer.incoming.save(out);
    save_held(out, peer.held);
    out.number(peer.shown_through);
    out.number(peer.read_told);
    out.age(peer.hole_since);
    out.flag(peer.stall_named);
}
constexpr std::size_t smallest_peer = identity::PublicIdentity::size;

/// Who a person is; whether verified or blocked is known by the contacts.
Person load_person(Loader& in, const identity::PublicIdentity& identity, const Contacts& contacts) {
    Person person{id_of(identity), in.text(), identity::tag(identity)};
    in.expect(identity::is_acceptable_name(person.name));
    person.trust = in.flag() ? Trust::restarted : contacts.trust_in(person.id);
    // Whether it is present is told again by the relay.
    person.presence = in.flag() ? Presence::gone : Presence::away;
    return person;
}

/// All of a peer but what goes out, which refers to contents that others share.
Result<std::unique_ptr<Peer>> load_peer(Loader& in, const Contacts& contacts) {
    auto identity = identity::PublicIdentity::parse(in.raw(identity::PublicIdentity::size));
    if (!identity) return std::unexpected(identity.error());
    auto person = load_person(in, *identity, contacts);
    auto session = ratchet::Session::restore(in.bytes(), in.now());
    if (!session) return std::unexpected(session.error());
    auto peer = std::make_unique<Peer>(std::move(*identity), std::move(person), std::move(*session));
    if (in.flag()) {
        auto replacement = ratchet::Session::restore(in.bytes(), in.now());
        if (!replacement) return std::unexpected(replacement.error());
        peer->replacement = std::move(*replacement);
    }
    for (auto left = in.count(4, max_held); left > 0; --left) peer->for_replacement.push_back(to_bytes(in.bytes()));
    peer->renews = in.flag();
    if (in.flag()) peer->seat = in.id<SeatId>();
    peer->reachable = in.flag();
    in.expect(!peer->reachable || peer->seat);
    peer->absent_since = in.optional_age();
    if (in.flag()) peer->confirmation = std::make_shared<const Bytes>(to_bytes(in.bytes()));
    peer->incoming = Incoming::restore(in);
    peer->held = load_held(in);
    peer->shown_through = in.number<std::uint64_t>();
    peer->read_told = in.number<std::uint64_t>();
    peer->hole_since = in.optional_age();
    peer->stall_named = in.flag();
    return peer;
}

}  // namespace

SecretBytes Client::save(Time now) const {
    Saver out(now);
    out.number(version);
    out.id(room_);
    out.id(self_id_);
    out.raw(card_);
    save_place(out);
    own_chain_.save(out);
    out.count(chains_.size());
    for (const auto& [author, chain] : chains_) {
        out.id(author);
        chain.save(out);
    }
    save_peers(out);
    out.count(unsaid_.size());
    for (const auto& unsaid : unsaid_) {
        out.number(unsaid.line);
        std::visit(SaveSaid{out}, unsaid.said);
    }
    lines_.save(out);
    save_posts(out);
    save_seats(out);
    transfers_.save(out);
    for (const auto& [id, peer] : peers_) {
        out.number(peer->chain);
        peer->outgoing.save_chains(out);
    }
    return out.finish();
}

Result<std::unique_ptr<Client>> Client::restore(Config config, Persona& persona, Random& random, ByteView saved,
                                                Resumption resumption) {
    auto client = std::make_unique<Client>(std::move(config), persona, random);
    Loader in(saved, resumption.now);
    if (auto loaded = client->load(in); !loaded) return std::unexpected(loaded.error());
    client->posts_.begin_above(resumption.posts_above);
    return client;
}

Status Client::load(Loader& in) {
    const auto written_as = in.number<std::uint8_t>();
    if (written_as < without_files || written_as > version) return fail(Errc::unknown_type, "no version of a room");
    const bool ours = in.id<RoomId>() == room_ && in.id<IdentityId>() == self_id_;
    if (!ours) return fail(Errc::bad_input, "a saved state of another room or person");
    if (auto card = load_card(in); !card) return card;
    load_place(in);
    own_chain_ = Chain::restore(in);
    for (auto left = in.count(IdentityId::size); left > 0; --left) {
        const auto author = in.id<IdentityId>();
        in.expect(chains_.empty() || chains_.rbegin()->first < author);
        chains_.emplace(author, Chain::restore(in));
    }
    if (auto peers = load_peers(in); !peers) return peers;
    for (auto left = in.count(8 + 1 + 4); left > 0; --left) {
        const auto line = in.number<std::uint64_t>();
        unsaid_.push_back({line, load_said(in)});
    }
    lines_ = Lines::restore(in);
    load_posts(in);
    if (auto seats = load_seats(in); !seats) return seats;
    if (written_as > without_files) transfers_.load(in, self_person_);
    for (const auto& [id, peer] : peers_) {
        // In which chains they were is not known: none that is still open to the peer for certain.
        peer->chain = written_as > without_chains ? in.number<std::uint32_t>() : ratchet::max_stored_chains + 1;
        if (written_as > without_chains) peer->outgoing.load_chains(in, peer->chain);
    }
    dirty_ = false;
    restored_ = true;
    return in.finish();
}

Status Client::load_card(Loader& in) {
    const auto plaintext = in.raw(identity::card_size);
    auto card = identity::decode_card(plaintext);
    if (!card) return std::unexpected(card.error());
    in.expect(card->identity == persona_.identity.public_identity());
    card_ = to_bytes(plaintext);
    card_number_ = card->number;
    self_person_.name = card->name;
    return {};
}

void Client::save_place(Saver& out) const {
    out.id(seat_);
    out.raw(seat_secret_);
    out.flag(epoch_.has_value());
    if (epoch_) out.id(*epoch_);
    out.number(last_seq_);
    out.number(ttl_);
    out.number(static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(granted_grace_).count()));
}

void Client::load_place(Loader& in) {
    seat_ = in.id<SeatId>();
    seat_secret_ = in.array<32>();
    if (in.flag()) epoch_ = in.id<RoomEpoch>();
    last_seq_ = in.number<std::uint64_t>();
    ttl_ = in.number<std::uint32_t>();
    granted_grace_ = std::chrono::seconds(in.number<std::uint32_t>());
}

void Client::save_peers(Saver& out) const {
    Parcels parcels;
    for (const auto& [id, peer] : peers_) peer->outgoing.note_parcels(parcels);
    parcels.save(out);
    out.count(peers_.size());
    for (const auto& [id, peer] : peers_) {
        save_peer(out, *peer);
        peer->outgoing.save(out, parcels);
    }
}

Status Client::load_peers(Loader& in) {
    auto parcels = Parcels::restore(in);
    for (auto left = in.count(smallest_peer); left > 0; --left) {
        auto peer = load_peer(in, persona_.contacts);
        if (!peer) return std::unexpected(peer.error());
        (*peer)->outgoing = Outgoing::restore(in, parcels);
        // Tells where we stand, whatever acknowledgement was on its way when the state was saved.
        (*peer)->due_for_ack(in.now());
        (*peer)->ask_again = (*peer)->incoming.has_hole();
        const auto id = (*peer)->person.id;
        in.expect(peers_.empty() || peers_.rbegin()->first < id);
        peers_.emplace(id, std::move(*peer));
    }
    in.expect(parcels.all_taken());
    return {};
}

/// The body that a post carries, where it is still waited for: its bytes stand with the peer.
SealedBody Client::stored_body(const PostOwner& owner) const {
    const auto peer = peers_.find(owner.person);
    return peer == peers_.end() ? nullptr : peer->second->outgoing.body_of(owner.number);
}

void Client::save_posts(Saver& out) const {
    const auto owned = [&](const PostOwner& owner, const SeatId& to) {
        out.id(to);
        out.id(owner.person);
        out.number(owner.number);
    };
    out.number(posts_.last());
    std::vector<std::pair<const PendingPost*, PostOwner>> kept;
    for (const auto& pending : posts_.in_flight()) {
        const auto owner = owners_.find(pending.id);
        if (owner != owners_.end() && stored_body(owner->second)) kept.emplace_back(&pending, owner->second);
    }
    out.count(kept.size());
    for (const auto& [pending, owner] : kept) {
        out.number(pending->id);
        owned(owner, *pending->to);
    }
    const auto stored = [&](const Retry& retry) { return stored_body(retry.owner) != nullptr; };
    out.count(static_cast<std::size_t>(std::ranges::count_if(retries_, stored)));
    for (const auto& retry : retries_) {
        if (stored(retry)) owned(retry.owner, retry.to);
    }
}

void Client::load_posts(Loader& in) {
    constexpr std::size_t smallest = SeatId::size + IdentityId::size + 8;
    struct Stored {
        SeatId to;
        PostOwner owner;
        SealedBody body;
    };
    const auto stored = [&] {
        const auto to = in.id<SeatId>();
        const auto person = in.id<IdentityId>();
        const PostOwner owner{person, in.number<std::uint64_t>()};
        auto body = stored_body(owner);
        in.expect(body != nullptr);
        return Stored{to, owner, std::move(body)};
    };
    const auto last = in.number<std::uint64_t>();
    std::deque<PendingPost> in_flight;
    for (auto left = in.count(8 + smallest); left > 0; --left) {
        const auto id = in.number<std::uint64_t>();
        in.expect(id <= last && (in_flight.empty() || in_flight.back().id < id));
        auto one = stored();
        owners_.emplace(id, one.owner);
        in_flight.push_back({id, one.to, std::move(one.body)});
    }
    posts_.restore(last, std::move(in_flight));
    for (auto left = in.count(smallest); left > 0; --left) {
        auto one = stored();
        retries_.push_back({one.to, std::move(one.body), one.owner, in.now()});
    }
}

void Client::save_seats(Saver& out) const {
    out.count(seats_.size());
    for (const auto& [id, seat] : seats_) {
        out.id(id);
        out.flag(seat.blocked);
        out.flag(seat.introduction != nullptr);
        if (seat.introduction) out.raw(seat.introduction->plaintext);
    }
}

Status Client::load_seats(Loader& in) {
    for (auto left = in.count(SeatId::size + 2, 2 * max_people); left > 0; --left) {
        const auto id = in.id<SeatId>();
        in.expect(seats_.empty() || seats_.rbegin()->first < id);
        auto& seat = seats_[id];
        // Away until the relay says otherwise: that it is back begins a handshake that was not finished.
        seat.presence = wire::Presence::away;
        seat.listed = false;
        seat.blocked = in.flag();
        seat.seen_at = in.now();
        if (!in.flag()) continue;
        const auto plaintext = in.raw(identity::card_size);
        auto card = identity::decode_card(plaintext);
        if (!card) return std::unexpected(card.error());
        const auto person = id_of(card->identity);
        seat.introduction = std::make_unique<Introduction>(std::move(*card), to_bytes(plaintext), person);
        seat.handshake.emplace(self_, *seat.introduction, in.now());
    }
    return {};
}

}  // namespace parley::client
