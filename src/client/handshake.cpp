#include "client/handshake.h"

#include "base/ensure.h"
#include "client/limits.h"

namespace parley::client {
namespace {

/// Repetitions of a flight: the relay loses nothing unless it wants to, so they soon become rare.
constexpr Duration first_pause = 5s;

constexpr std::string_view about_other_cards = "a handshake about other cards than were shown";

SealedBody share(Bytes body) { return std::make_shared<const Bytes>(std::move(body)); }

HandshakeStep post(SealedBody body) {
    HandshakeStep step;
    step.post.push_back(std::move(body));
    return step;
}

HandshakeStep alarm(std::string_view what) {
    HandshakeStep step;
    step.alarm = HandshakeAlarm{AlarmKind::bad_handshake, what};
    return step;
}

}  // namespace

Handshake::Handshake(const Self& self, const Introduction& them, Time now)
    : self_(self),
      them_(them),
      we_initiate_(ratchet::initiates(self.identity.public_identity(), them.card.identity)),
      since_(now) {}

ratchet::Context Handshake::context() const {
    return {self_.room, self_.identity, them_.card.identity, self_.card, them_.plaintext};
}

HandshakeStep Handshake::begin(Time now) {
    since_ = now;
    named_ = false;
    if (we_initiate_) return initiate(now);
    state_ = Waiting{now + hello_delay, first_pause};
    return {};
}

HandshakeStep Handshake::initiate(Time now) {
    auto initiator = ratchet::Initiator::start(context(), self_.random);
    auto init = share(initiator.init());
    state_ = Initiated{std::move(initiator), init, now, now + first_pause, first_pause};
    return post(std::move(init));
}

HandshakeStep Handshake::on_init(ByteView body, Time now) {
    if (we_initiate_) return alarm("somebody answers in this person's place: the handshake came from the wrong side");
    const auto digest = crypto::sha256({body});
    if (auto* before = std::get_if<Responded>(&state_); before && before->init == digest) {
        return repeat(*before, now);
    }
    const bool at_rest = misses_nothing();
    auto response = ratchet::respond(context(), body, self_.random);
    // A card that has just changed makes an honest Init stale: ask for one that fits.
    if (!response && response.error().code == Errc::wrong_state) {
        if (at_rest) return alarm(about_other_cards);
        state_ = Waiting{now + first_pause, first_pause};
        auto step = post(share(ratchet::hello()));
        const bool honest = self_.card_changed_at != Time{} && now < self_.card_changed_at + first_pause;
        if (!honest) step.alarm = HandshakeAlarm{AlarmKind::bad_handshake, about_other_cards};
        return step;
    }
    if (!response) return alarm("a handshake with an invalid key: it was changed on the way");
    auto answer = share(std::move(response->answer));
    state_ = Responded{digest, answer, std::move(response->session), now, now + first_pause, first_pause, at_rest};
    return post(std::move(answer));
}

HandshakeStep Handshake::on_answer(ByteView body, Time) {
    auto* state = std::get_if<Initiated>(&state_);
    if (state == nullptr) return {};  // a repetition of the answer that was taken
    auto finished = state->initiator.finish(context(), body, self_.random);
    if (!finished) return alarm("the handshake was changed on the way: no channel was made of it");
    HandshakeStep step;
    step.finished = std::move(*finished);
    rest();
    return step;
}

HandshakeStep Handshake::on_hello(Time now) {
    if (!we_initiate_) return {};
    if (auto* state = std::get_if<Initiated>(&state_); state && state->initiator.fits(context())) {
        return repeat(*state, now);
    }
    return begin(now);
}

HandshakeStep Handshake::on_foreign_confirmation(Time now) {
    if (!std::holds_alternative<Responded>(state_)) return {};
    state_ = Waiting{now + first_pause, first_pause};
    return post(share(ratchet::hello()));
}

HandshakeStep Handshake::repeat(Initiated& state, Time now) {
    state.repeat_at = now + (state.pause *= 2);
    return post(state.init);
}

HandshakeStep Handshake::repeat(Responded& state, Time now) {
    state.repeat_at = now + (state.pause *= 2);
    return post(state.answer);
}

HandshakeStep Handshake::say_hello(Waiting& state, Time now) {
    state.hello_at = now + (state.pause *= 2);
    return post(share(ratchet::hello()));
}

HandshakeStep Handshake::on_time(Time now) {
    HandshakeStep step;
    const auto over = [&](Time started) { return now >= started + handshake_lifetime; };
    if (auto* initiated = std::get_if<Initiated>(&state_)) {
        // New ephemerals: the old ones have lived long enough.
        if (over(initiated->started)) step = initiate(now);
        else if (now >= initiated->repeat_at) step = repeat(*initiated, now);
    } else if (auto* responded = std::get_if<Responded>(&state_)) {
        if (over(responded->started)) end(*responded, now);
        else if (now >= responded->repeat_at) step = repeat(*responded, now);
    } else if (auto* waiting = std::get_if<Waiting>(&state_)) {
        if (now >= waiting->hello_at) step = say_hello(*waiting, now);
    }
    step.alarm = patience_over(now);
    return step;
}

/// Who was at rest when the Init came has a session, and misses nothing.
void Handshake::end(const Responded& unconfirmed, Time now) {
    if (unconfirmed.at_rest) return rest();
    state_ = Waiting{now + first_pause, first_pause};
}

bool Handshake::misses_nothing() const {
    const auto* responded = std::get_if<Responded>(&state_);
    return resting() || (responded != nullptr && responded->at_rest);
}

std::optional<HandshakeAlarm> Handshake::patience_over(Time now) {
    if (misses_nothing() || named_ || now < since_ + handshake_patience) return std::nullopt;
    named_ = true;
    return HandshakeAlarm{AlarmKind::handshake_withheld,
                          "someone shows a card and never answers: gone, or the relay holds the handshake back"};
}

std::optional<Time> Handshake::next_deadline() const {
    std::optional<Time> next;
    const auto consider = [&](Time time) { next = next ? std::min(*next, time) : time; };
    if (const auto* state = std::get_if<Initiated>(&state_)) {
        consider(std::min(state->repeat_at, state->started + handshake_lifetime));
    } else if (const auto* state_r = std::get_if<Responded>(&state_)) {
        consider(std::min(state_r->repeat_at, state_r->started + handshake_lifetime));
    } else if (const auto* waiting = std::get_if<Waiting>(&state_)) {
        consider(waiting->hello_at);
    }
    if (!misses_nothing() && !named_) consider(since_ + handshake_patience);
    return next;
}

/// When the private ephemerals, or the session made of them, have lived long enough.
std::optional<Time> Handshake::next_deadline_away() const {
    if (const auto* initiated = std::get_if<Initiated>(&state_)) return initiated->started + handshake_lifetime;
    if (const auto* responded = std::get_if<Responded>(&state_)) return responded->started + handshake_lifetime;
    return std::nullopt;
}

void Handshake::on_time_away(Time now) {
    const auto end = next_deadline_away();
    if (!end || now >= *end) rest();
}

ratchet::Session* Handshake::pending() {
    auto* state = std::get_if<Responded>(&state_);
    return state == nullptr ? nullptr : &state->session;
}

ratchet::Session Handshake::take_pending() {
    auto* state = std::get_if<Responded>(&state_);
    ensure(state != nullptr, "only a pending session is taken");
    auto session = std::move(state->session);
    rest();
    return session;
}

}  // namespace parley::client
