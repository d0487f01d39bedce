#include "client/pairing.h"

namespace parley::client {

std::unique_ptr<Pairing> Pairing::invite(Inviter::Config config, Random& random) {
    const auto token = config.link.token;
    return std::unique_ptr<Pairing>(new Pairing(Inviter(std::move(config), random), token, random));
}

std::unique_ptr<Pairing> Pairing::join(Joiner::Config config, Random& random, std::optional<FixedBytes<16>> token) {
    return std::unique_ptr<Pairing>(new Pairing(Joiner(std::move(config), random), token, random));
}

void Pairing::start(Time now) {
    follow(std::visit([](auto& side) { return side.start(); }, side_), now);
}

void Pairing::on_connected(Time now) { meeting_.on_connected(now); }
void Pairing::on_disconnected(Error why, Time now) { on(meeting_.on_disconnected(why), now); }
void Pairing::on_frame(const wire::RelayFrame& frame, Time now) { on(meeting_.on_frame(frame, now), now); }

void Pairing::on_time(Time now) {
    if (stopped_) return;
    on(meeting_.on_time(now), now);
    follow(std::visit([&](auto& side) { return side.on_time(now); }, side_), now);
}

void Pairing::on(const Meeting::Event& event, Time now) {
    if (stopped_ || std::holds_alternative<Meeting::Nothing>(event)) return;
    const auto step = [&](auto& side, const auto& value) -> PairingStep {
        if constexpr (requires { side.on(value, now); }) return side.on(value, now);
        return {};
    };
    follow(std::visit(step, side_, event), now);
}

void Pairing::follow(PairingStep step, Time now) {
    if (stopped_) return;
    for (const auto& post : step.post) meeting_.post(post.to, post.body);
    if (step.enter) meeting_.enter(*step.enter, now);
    collect();
    if (step.show) actions_.emplace_back(Show{std::move(*step.show)});
    if (step.end) end(std::move(*step.end));
}

void Pairing::end(Result<Met> result) {
    stopped_ = true;
    meeting_.leave();
    collect();
    actions_.emplace_back(Stop{result ? std::nullopt : std::optional(result.error())});
    result_ = std::move(result);
}

void Pairing::collect() { std::ranges::move(meeting_.take_actions(), std::back_inserter(actions_)); }

std::optional<Time> Pairing::next_deadline() const {
    if (stopped_) return std::nullopt;
    auto next = meeting_.next_deadline();
    const auto side = std::visit([](const auto& one) { return one.next_deadline(); }, side_);
    if (side && (!next || *side < *next)) next = side;
    return next;
}

std::vector<Action> Pairing::take_actions(Time) {
    collect();
    return std::exchange(actions_, {});
}

}  // namespace parley::client
