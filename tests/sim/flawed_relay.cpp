#include "sim/flawed_relay.h"

#include "wire/frames.h"

namespace parley::sim {
namespace {

constexpr std::size_t once_in = 50;

}  // namespace

std::vector<hostile::Passing> FlawedRelay::pass(hostile::Passing frame, Time now) {
    const bool acknowledges = hostile::of_type(hostile::Direction::to_relay, wire::Ack::type)(frame);
    const bool forgets_acks = flaw_ == Flaw::relay_forgets_acks || flaw_ == Flaw::relay_keeps_all;
    if (acknowledges && forgets_acks) return {};
    const bool delivers = hostile::of_type(hostile::Direction::to_client, wire::Deliver::type)(frame);
    if (!delivers || (++delivered_ % once_in != 0 && !kept_back_)) return wire_->pass(std::move(frame), now);
    return spoil(std::move(frame), now);
}

std::vector<hostile::Passing> FlawedRelay::spoil(hostile::Passing frame, Time now) {
    switch (flaw_) {
        case Flaw::relay_forgets: return {};
        case Flaw::relay_repeats: return hostile::repeat(std::move(frame));
        case Flaw::relay_swaps: break;
        default: return wire_->pass(std::move(frame), now);
    }
    if (!kept_back_) {
        kept_back_ = std::move(frame);
        return {};
    }
    if (kept_back_->client != frame.client) return {std::move(frame)};
    auto first = *std::exchange(kept_back_, std::nullopt);
    return {std::move(frame), std::move(first)};
}

}  // namespace parley::sim
