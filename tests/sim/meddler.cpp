#include "sim/meddler.h"

#include "wire/frames.h"

namespace parley::sim {
namespace {

using hostile::Direction;
using hostile::Passing;

constexpr std::size_t most_held = 4;
constexpr std::size_t most_seen = 200;

/// What a conversation consists of. Whoever damages a Join or a Welcome only sends people away, which every relay may.
bool is_of_a_conversation(const Passing& passing) {
    if (passing.frame.empty()) return false;
    const auto type = passing.frame[0];
    if (passing.direction == Direction::to_relay) return type == wire::Post::type || type == wire::Card::type;
    return type == wire::Deliver::type || type == wire::Posted::type || type == wire::Seat::type;
}

}  // namespace

std::vector<Passing> Meddler::pass(Passing frame, Time) {
    if (!is_of_a_conversation(frame)) return {std::move(frame)};
    const bool unlucky = roll(100) < percent_;
    auto out = unlucky ? meddle(std::move(frame)) : Frames{std::move(frame)};
    // What is held back comes later, and out of order.
    if (!held_.empty() && roll(3) == 0) {
        out.push_back(std::move(held_.front()));
        held_.pop_front();
    }
    return out;
}

Meddler::Frames Meddler::meddle(Passing frame) {
    seen_.push_back(frame);
    if (seen_.size() > most_seen) seen_.pop_front();
    switch (roll(5)) {
        case 0: return {};
        case 1: return hostile::repeat(std::move(frame));
        case 2: return hold_back(std::move(frame));
        case 3: return replay(std::move(frame));
        default: return damage(std::move(frame));
    }
}

Meddler::Frames Meddler::hold_back(Passing frame) {
    held_.push_back(std::move(frame));
    if (held_.size() <= most_held) return {};
    auto first = std::move(held_.front());
    held_.pop_front();
    return {std::move(first)};
}

Meddler::Frames Meddler::replay(Passing frame) {
    auto old = seen_[roll(seen_.size())];
    // To somebody else, now and then: every client gets what the relay likes.
    if (old.direction == frame.direction && roll(4) == 0) old.client = frame.client;
    return {std::move(frame), std::move(old)};
}

Meddler::Frames Meddler::damage(Passing frame) {
    if (roll(2) == 0) return hostile::flip_bit(roll(frame.frame.size() * 8))(std::move(frame));
    return hostile::cut_to(1 + roll(frame.frame.size()))(std::move(frame));
}

}  // namespace parley::sim
