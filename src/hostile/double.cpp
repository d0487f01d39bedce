#include "hostile/double.h"

namespace parley::hostile {

Double::Double(identity::Place place, std::string name, const identity::RoomKey& key, Random& random)
    : random_(random),
      place_(place),
      identity_(identity::Identity::generate(random)),
      card_(identity::encode(identity::Card{1, identity_.public_identity(), identity_.certificate(), random.bytes<32>(),
                                            std::move(name)})),
      sealed_card_(identity::seal_card(card_, key, place, random)) {}

ratchet::Context Double::context() const { return {place_.room, identity_, them_->identity, card_, their_card_}; }

std::vector<Bytes> Double::meet(ByteView their_card) {
    auto card = identity::decode_card(their_card);
    if (!card || equal(their_card_, their_card)) return {};
    them_ = std::move(*card);
    their_card_ = to_bytes(their_card);
    return begin().answers;
}

Double::Heard Double::begin() {
    if (!them_ || !ratchet::initiates(identity_.public_identity(), them_->identity)) return {};
    initiator_ = ratchet::Initiator::start(context(), random_);
    return {{initiator_->init()}, {}};
}

Double::Heard Double::hear(ByteView body, Time now) {
    const auto kind = ratchet::kind_of(body);
    if (!kind || !them_) return {};
    switch (*kind) {
        case ratchet::BodyKind::init: return on_init(body);
        case ratchet::BodyKind::answer: return on_answer(body);
        case ratchet::BodyKind::hello: return begin();
        case ratchet::BodyKind::message: return on_message(body, now);
        case ratchet::BodyKind::chunk: return {};
    }
    return {};
}

Double::Heard Double::on_init(ByteView body) {
    auto response = ratchet::respond(context(), body, random_);
    if (!response) return {};
    session_ = std::move(response->session);
    return {{std::move(response->answer)}, {}};
}

Double::Heard Double::on_answer(ByteView body) {
    if (!initiator_) return {};
    auto finished = initiator_->finish(context(), body, random_);
    if (!finished) return {};
    initiator_.reset();
    session_ = std::move(finished->session);
    return {{std::move(finished->confirmation)}, {}};
}

Double::Heard Double::on_message(ByteView body, Time now) {
    auto opened = session_ ? session_->open(body, now) : fail(Errc::wrong_state, "no session");
    if (!opened) return {};
    return {{}, std::move(*opened)};
}

std::optional<Bytes> Double::say(ByteView content) {
    if (!can_say()) return std::nullopt;
    auto body = session_->seal(content, random_);
    return body ? std::optional(std::move(*body)) : std::nullopt;
}

}  // namespace parley::hostile
