#include "client/joiner.h"

#include "client/limits.h"

namespace parley::client {

PairingStep Joiner::start() {
    PairingStep step;
    step.enter = nameplate_room(std::get<Entering>(state_).config.code.nameplate());
    return step;
}

PairingStep Joiner::end_with(PairingStep step) {
    state_ = Ended{};
    return step;
}

PairingStep Joiner::finish() {
    PairingStep step;
    step.end = std::move(std::get<Leaving>(state_).met);
    return end_with(std::move(step));
}

std::optional<SeatId> Joiner::other() const {
    return std::visit(
        [](const auto& state) -> std::optional<SeatId> {
            if constexpr (requires { state.seat; }) return state.seat;
            return std::nullopt;
        },
        state_);
}

PairingStep Joiner::on(const Meeting::Entered& event, Time now) {
    if (!std::holds_alternative<Entering>(state_)) return {};
    if (event.others.size() == 1) return begin(*event.others.begin(), now);
    if (!event.others.empty()) return end_with(burn(burned::crowded));
    PairingStep step;
    step.end = fail(Errc::nobody_there, "nobody waits with this code: a typo in its digits, or it is spent or too old");
    return end_with(std::move(step));
}

PairingStep Joiner::begin(const SeatId& seat, Time now) {
    const auto config = std::move(std::get<Entering>(state_).config);
    auto begun = begin_to_join(config.code, config.cost, config.self, random_);
    auto step = say_to(seat, begun.share());
    state_ = Begun{seat, now + pairing_patience, std::move(begun)};
    return step;
}

PairingStep Joiner::on(const Meeting::Heard& event, Time now) {
    if (other() != event.from) return {};
    const auto message = decode_pairing(event.body);
    if (!message) return end_with(burn(burned::did_not_match));
    if (std::holds_alternative<BurnedMessage>(*message)) return end_with(burn(burned::told));
    // A repetition of what was accepted: the receipt is on its way and must not be taken back.
    const bool again = std::holds_alternative<Leaving>(state_) && std::holds_alternative<InvitationMessage>(*message);
    if (again) return {};
    auto state = std::exchange(state_, Ended{});
    if (auto* begun = std::get_if<Begun>(&state)) return on_answer(std::move(*begun), *message, now);
    if (auto* proven = std::get_if<Proven>(&state)) return on_invitation(std::move(*proven), *message, now);
    return burn(burned::did_not_match);
}

PairingStep Joiner::on_answer(Begun state, const PairingMessage& message, Time now) {
    const auto* answer = std::get_if<AnswerMessage>(&message);
    if (answer == nullptr) return burn(burned::did_not_match);
    auto proven = std::move(state.begun).prove(*answer, random_);
    if (!proven) return burn(burned::did_not_match);
    state_ = Proven{state.seat, now + pairing_patience, std::move(proven->state)};
    return say_to(state.seat, std::move(proven->post));
}

PairingStep Joiner::on_invitation(Proven state, const PairingMessage& message, Time now) {
    const auto* invitation = std::get_if<InvitationMessage>(&message);
    if (invitation == nullptr) return burn(burned::did_not_match);
    auto met = std::move(state.proven).accept(*invitation, random_);
    if (!met) return burn(burned::did_not_match);
    state_ = Leaving{state.seat, now + farewell_patience, std::move(met->state)};
    return say_to(state.seat, std::move(met->post));
}

PairingStep Joiner::on(const Meeting::Gone& event, Time) {
    if (other() != event.seat) return {};
    if (std::holds_alternative<Leaving>(state_)) return finish();
    return end_with(burn(burned::left));
}

PairingStep Joiner::on(const Meeting::Lost& event, Time) {
    if (std::holds_alternative<Ended>(state_)) return {};
    if (!std::holds_alternative<Entering>(state_)) return end_with(burn(burned::lost));
    PairingStep step;
    step.end = std::unexpected(event.why);
    return end_with(std::move(step));
}

PairingStep Joiner::on_time(Time now) {
    const auto deadline = next_deadline();
    if (!deadline || now < *deadline) return {};
    // Everything verified, and no "burned" came within the time in which the inviter would have said it.
    if (std::holds_alternative<Leaving>(state_)) return finish();
    return end_with(burn(burned::silent));
}

std::optional<Time> Joiner::next_deadline() const {
    return std::visit(
        [](const auto& state) -> std::optional<Time> {
            if constexpr (requires { state.deadline; }) return state.deadline;
            return std::nullopt;
        },
        state_);
}

}  // namespace parley::client
