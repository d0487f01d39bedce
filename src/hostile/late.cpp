#include "hostile/late.h"

namespace parley::hostile {

std::vector<Passing> Waiting::take_due(Time now) {
    std::vector<Passing> due;
    while (!frames_.empty() && frames_.begin()->first <= now) {
        due.push_back(std::move(frames_.extract(frames_.begin()).mapped()));
    }
    return due;
}

std::optional<Time> Waiting::next() const {
    return frames_.empty() ? std::nullopt : std::optional(frames_.begin()->first);
}

void Waiting::forget(std::size_t client) {
    std::erase_if(frames_, [&](const auto& entry) { return entry.second.client == client; });
}

bool Delay::aims_at(const Passing& frame, Time now) {
    if (!PickedAttack::aims_at(frame, now)) return false;
    const auto known = released_at_.find(crypto::sha256({ByteView(frame.frame).subspan(deliver_body_at)}));
    return known == released_at_.end() || now < known->second;
}

std::vector<Passing> Delay::strike(Passing frame, Time now) {
    const auto message = crypto::sha256({ByteView(frame.frame).subspan(deliver_body_at)});
    const auto until = released_at_.try_emplace(message, now + held_for).first->second;
    waiting_.hold(std::move(frame), until);
    return {};
}

bool Reorder::aims_at(const Passing& frame, Time) {
    const auto seen = census_.see(frame);
    return seen && !seen->again;
}

std::vector<Passing> Reorder::strike(Passing frame, Time now) {
    const auto reader = frame.client;
    auto& hand = hands_.try_emplace(reader, Hand{now, {}}).first->second;
    hand.frames.push_back(std::move(frame));
    if (hand.frames.size() < together) return {};
    return turned(std::move(hands_.extract(reader).mapped()));
}

/// Never as they came: the first one goes last, and the seed says whether the two others change places too.
std::vector<Passing> Reorder::turned(Hand hand) {
    auto& frames = hand.frames;
    std::ranges::rotate(frames, frames.begin() + 1);
    const bool others_too = frames.size() == together && drawn(seed_, 0, count_++, 2) == 1;
    if (others_too) std::swap(frames[0], frames[1]);
    return std::move(frames);
}

std::vector<Passing> Reorder::on_time(Time now) {
    std::vector<Passing> due;
    for (auto next = hands_.begin(); next != hands_.end();) {
        const auto hand = next++;
        if (now < hand->second.since + patience) continue;
        std::ranges::move(turned(std::move(hands_.extract(hand).mapped())), std::back_inserter(due));
    }
    return due;
}

std::optional<Time> Reorder::next_deadline() const {
    std::optional<Time> next;
    for (const auto& [reader, hand] : hands_) {
        const auto deadline = hand.since + patience;
        if (!next || deadline < *next) next = deadline;
    }
    return next;
}

void Slow::watch(const Passing& frame) {
    if (!is<wire::Join>(frame)) return;
    waiting_.forget(frame.client);
    for (const auto way : {Direction::to_relay, Direction::to_client}) last_.erase({frame.client, way});
}

std::vector<Passing> Slow::strike(Passing frame, Time now) {
    auto& last = last_[{frame.client, frame.direction}];
    last = std::max(now, last + pause);
    waiting_.hold(std::move(frame), last);
    return waiting_.take_due(now);
}

std::vector<Passing> Slow::spare(Passing frame, Time now) {
    const auto last = last_.find({frame.client, frame.direction});
    if (last == last_.end() || last->second <= now) return only(std::move(frame));
    waiting_.hold(std::move(frame), last->second);
    return {};
}

}  // namespace parley::hostile
