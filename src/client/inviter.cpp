#include "client/inviter.h"

#include "client/limits.h"

namespace parley::client {

PairingStep Inviter::start() { return draw(); }

PairingStep Inviter::draw() {
    ++draws_;
    auto code = identity::SpokenCode::draw(random_);
    PairingStep step;
    step.enter = nameplate_room(code.nameplate());
    state_ = Entering{std::move(code)};
    return step;
}

PairingStep Inviter::end_with(PairingStep step) {
    state_ = Ended{};
    return step;
}

std::optional<SeatId> Inviter::other() const {
    if (const auto* answered = std::get_if<Answered>(&state_)) return answered->seat;
    if (const auto* proven = std::get_if<Proven>(&state_)) return proven->seat;
    return std::nullopt;
}

PairingStep Inviter::on(const Meeting::Entered& event, Time now) {
    const auto* entering = std::get_if<Entering>(&state_);
    if (entering == nullptr) return {};
    // Somebody else's code begins with these digits: two codes in one room would spend each other.
    if (!event.others.empty() && draws_ < max_code_draws) return draw();
    if (!event.others.empty()) {
        PairingStep step;
        step.end = fail(Errc::refused, "every code tried is in use at this relay: try again later");
        return end_with(std::move(step));
    }
    PairingStep step;
    step.show = CodeReady{entering->code.print()};
    auto ready = ready_to_invite(entering->code, config_.cost, std::move(config_.link), config_.self, random_);
    state_ = Waiting{now + code_lifetime, std::move(ready)};
    return step;
}

PairingStep Inviter::on(const Meeting::Heard& event, Time now) {
    if (std::holds_alternative<Waiting>(state_)) return on_first(event, now);
    // One seat was answered; nobody else is, and the same one is not answered again.
    if (other() != event.from) return {};
    const auto message = decode_pairing(event.body);
    if (!message) return end_with(burn(burned::did_not_match));
    if (std::holds_alternative<ShareMessage>(*message)) return {};
    if (std::holds_alternative<BurnedMessage>(*message)) return end_with(burn(burned::told));
    auto state = std::exchange(state_, Ended{});
    if (auto* answered = std::get_if<Answered>(&state)) return on_proof(std::move(*answered), *message, now);
    return on_receipt(std::move(std::get<Proven>(state)), *message);
}

PairingStep Inviter::on_first(const Meeting::Heard& event, Time now) {
    const auto message = decode_pairing(event.body);
    auto waiting = std::move(std::get<Waiting>(std::exchange(state_, Ended{})));
    if (message && std::holds_alternative<BurnedMessage>(*message)) return burn(burned::told);
    const auto* share = message ? std::get_if<ShareMessage>(&*message) : nullptr;
    if (share == nullptr) return burn(burned::did_not_match);
    auto answer = std::move(waiting.ready).answer(*share);
    if (!answer) return burn(burned::did_not_match);
    state_ = Answered{event.from, now + pairing_patience, std::move(answer->state)};
    return say_to(event.from, std::move(answer->post));
}

PairingStep Inviter::on_proof(Answered state, const PairingMessage& message, Time now) {
    const auto* proof = std::get_if<ProofMessage>(&message);
    if (proof == nullptr) return burn(burned::did_not_match);
    auto invited = std::move(state.answered).invite(*proof, random_);
    if (!invited) return burn(burned::did_not_match);
    state_ = Proven{state.seat, now + pairing_patience, std::move(invited->state)};
    return say_to(state.seat, std::move(invited->post));
}

PairingStep Inviter::on_receipt(Proven state, const PairingMessage& message) {
    const auto* receipt = std::get_if<ReceiptMessage>(&message);
    if (receipt == nullptr) return burn(burned::did_not_match);
    auto met = std::move(state.proven).finish(*receipt);
    if (!met) return burn(burned::did_not_match);
    PairingStep step;
    step.end = std::move(*met);
    return step;
}

PairingStep Inviter::on(const Meeting::Gone& event, Time) {
    if (other() != event.seat) return {};
    return end_with(burn(burned::left));
}

PairingStep Inviter::on(const Meeting::Lost& event, Time) {
    if (std::holds_alternative<Ended>(state_)) return {};
    if (std::holds_alternative<Entering>(state_)) {
        PairingStep step;
        step.end = std::unexpected(event.why);
        return end_with(std::move(step));
    }
    return end_with(burn(burned::lost));
}

PairingStep Inviter::on_time(Time now) {
    const auto deadline = next_deadline();
    if (!deadline || now < *deadline) return {};
    const bool nobody = std::holds_alternative<Waiting>(state_);
    return end_with(nobody ? burn(burned::too_late, Errc::nobody_there) : burn(burned::silent));
}

std::optional<Time> Inviter::next_deadline() const {
    if (const auto* waiting = std::get_if<Waiting>(&state_)) return waiting->deadline;
    if (const auto* answered = std::get_if<Answered>(&state_)) return answered->deadline;
    if (const auto* proven = std::get_if<Proven>(&state_)) return proven->deadline;
    return std::nullopt;
}

}  // namespace parley::client
