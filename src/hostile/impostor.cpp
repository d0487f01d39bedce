#include "hostile/impostor.h"

namespace parley::hostile {

Impostor::Impostor(std::string_view name, std::string_view deed, std::uint64_t seed)
    : OneAttack(name, deed),
      random_(seed),
      lobby_(identity::room_id(identity::lobby_secret())),
      lobby_key_(identity::room_key(identity::lobby_secret())),
      own_key_(random_.secret<identity::RoomKey>()) {}

void Impostor::watch(const Passing& frame) {
    if (const auto join = read<wire::Join>(frame)) {
        places_.insert_or_assign(frame.client, identity::Place{join->room, join->seat});
    }
    const auto card = read<wire::Card>(frame);
    const auto* place = place_of(frame.client);
    if (!card || place == nullptr) return;
    auto plaintext = identity::open_card(card->sealed.bytes, key_of(place->room), *place);
    if (plaintext) cards_.insert_or_assign(place->seat, std::move(*plaintext));
}

const identity::RoomKey& Impostor::key_of(const RoomId& room) { return room == lobby_ ? lobby_key_ : own_key_; }

const identity::Place* Impostor::place_of(std::size_t client) const {
    const auto found = places_.find(client);
    return found == places_.end() ? nullptr : &found->second;
}

std::optional<std::size_t> Impostor::client_at(const SeatId& seat) const {
    const auto found = std::ranges::find_if(places_, [&](const auto& entry) { return entry.second.seat == seat; });
    return found == places_.end() ? std::nullopt : std::optional(found->first);
}

std::optional<std::string> Impostor::name_at(const SeatId& seat) const {
    const auto found = cards_.find(seat);
    if (found == cards_.end()) return std::nullopt;
    const auto card = identity::decode_card(found->second);
    return card ? std::optional(card->name) : std::nullopt;
}

Double* Impostor::find(const Facing& facing) {
    const auto found = doubles_.find(facing);
    return found == doubles_.end() ? nullptr : &found->second;
}

Double& Impostor::double_at(const Facing& facing, const std::string& name) {
    if (auto* known = find(facing)) return *known;
    const auto& room = place_of(facing.first)->room;
    return doubles_.try_emplace(facing, identity::Place{room, facing.second}, name, key_of(room), random_)
        .first->second;
}

std::vector<Passing> Impostor::appear(const Facing& facing, const std::string& name) {
    auto& ours = double_at(facing, name);
    const wire::Seat seat{facing.second, wire::Presence::present, {{ours.sealed_card()}}};
    auto out = only(to_client(facing.first, wire::RelayFrame(seat)));
    std::ranges::move(meet(facing), std::back_inserter(out));
    return out;
}

std::vector<Passing> Impostor::meet(const Facing& facing) {
    const auto card = cards_.find(place_of(facing.first)->seat);
    return card == cards_.end() ? std::vector<Passing>{} : deliver(facing, find(facing)->meet(card->second));
}

bool Impostor::is_for_a_double(const Passing& frame) const {
    if (const auto post = read<wire::Post>(frame)) return post->to && doubles_.contains({frame.client, *post->to});
    const auto facing_it = [&](const auto& entry) { return entry.first.first == frame.client; };
    return is<wire::Card>(frame) && std::ranges::any_of(doubles_, facing_it);
}

std::string_view Impostor::deed_at(const Passing& frame) const {
    if (is<wire::Post>(frame)) return "taken by the attacker, who answers in another's place";
    if (is<wire::Card>(frame)) return "shown to the people whom the attacker made up";
    return OneAttack::deed_at(frame);
}

std::vector<Passing> Impostor::take(Passing frame, Time now) {
    if (is<wire::Post>(frame)) return answer(frame, now);
    const auto client = frame.client;
    auto out = only(std::move(frame));
    for (const auto& [facing, ours] : doubles_) {
        if (facing.first == client) std::ranges::move(meet(facing), std::back_inserter(out));
    }
    return out;
}

std::vector<Passing> Impostor::answer(const Passing& frame, Time now) {
    const auto post = *read<wire::Post>(frame);
    const Facing facing{frame.client, *post.to};
    auto out = only(to_client(frame.client, wire::RelayFrame(wire::Posted{post.id, 0})));
    const auto heard = find(facing)->hear(post.body.bytes, now);
    std::ranges::move(deliver(facing, heard.answers), std::back_inserter(out));
    std::ranges::move(say_what_waits(facing), std::back_inserter(out));
    if (heard.said) std::ranges::move(on_said(facing, heard.said->reveal()), std::back_inserter(out));
    return out;
}

std::vector<Passing> Impostor::say(const Facing& facing, ByteView content) {
    unsaid_[facing].emplace_back(content);
    return say_what_waits(facing);
}

std::vector<Passing> Impostor::say_what_waits(const Facing& facing) {
    auto* ours = find(facing);
    if (ours == nullptr || !ours->can_say()) return {};
    std::vector<Bytes> bodies;
    for (const auto& content : std::exchange(unsaid_[facing], {})) {
        if (auto body = ours->say(content.reveal())) bodies.push_back(std::move(*body));
    }
    return deliver(facing, bodies);
}

std::vector<Passing> Impostor::deliver(const Facing& facing, const std::vector<Bytes>& bodies) {
    std::vector<Passing> out;
    for (const auto& body : bodies) {
        // Number 0 of the room's order: the relay beyond knows nothing of it, and its Ack means nothing.
        const wire::Deliver frame{0, facing.second, {body}};
        out.push_back(to_client(facing.first, wire::RelayFrame(frame)));
    }
    return out;
}

bool SwapCard::aims_at(const Passing& frame, Time) {
    const auto seat = read<wire::Seat>(frame);
    return (seat && seat->card && place_of(frame.client) != nullptr) || is_for_a_double(frame);
}

std::vector<Passing> SwapCard::strike(Passing frame, Time now) {
    if (is_for_a_double(frame)) return take(std::move(frame), now);
    const auto seat = read<wire::Seat>(frame)->seat;
    return appear({frame.client, seat}, name_at(seat).value_or("mallory"));
}

/// To whom it was meant for, as if from the one who said it.
std::vector<Passing> SwapCard::on_said(const Facing& by, ByteView content) {
    const auto reader = client_at(by.second);
    if (!reader) return {};
    return say({*reader, place_of(by.first)->seat}, content);
}

GhostSeat::GhostSeat(std::uint64_t seed)
    : Impostor("ghost-seat", "a person whom the relay made up answers beside it", seed),
      ghost_(random().id<SeatId>()) {}

/// After the Pong that ends the list of seats.
bool GhostSeat::aims_at(const Passing& frame, Time) {
    const bool seated = is<wire::Pong>(frame) && place_of(frame.client) != nullptr;
    return (seated && find({frame.client, ghost_}) == nullptr) || is_for_a_double(frame);
}

std::vector<Passing> GhostSeat::strike(Passing frame, Time now) {
    if (is_for_a_double(frame)) return take(std::move(frame), now);
    const auto client = frame.client;
    auto out = only(std::move(frame));
    std::ranges::move(appear({client, ghost_}, "mallory"), std::back_inserter(out));
    return out;
}

}  // namespace parley::hostile
