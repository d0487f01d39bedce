#include "hostile/interceptor.h"

#include <memory>

#include "wire/frames.h"

namespace parley::hostile {

std::vector<Passing> only(Passing frame) {
    std::vector<Passing> one;
    one.push_back(std::move(frame));
    return one;
}

std::vector<Passing> Honest::pass(Passing frame, Time) { return only(std::move(frame)); }

std::vector<Passing> Change::pass(Passing frame, Time) {
    if (!applies_(frame)) return only(std::move(frame));
    ++times_;
    return apply_(std::move(frame));
}

std::vector<Passing> drop(Passing) { return {}; }

std::vector<Passing> repeat(Passing frame) { return {frame, frame}; }

Change::Apply flip_bit(std::size_t bit) {
    return [bit](Passing frame) {
        const auto at = bit / 8 % frame.frame.size();
        frame.frame[at] = static_cast<std::uint8_t>(frame.frame[at] ^ (1U << bit % 8));
        return only(std::move(frame));
    };
}

Change::Apply cut_to(std::size_t size) {
    return [size](Passing frame) {
        frame.frame.resize(std::min(size, frame.frame.size()));
        return only(std::move(frame));
    };
}

Change::Apply spray_flipped(std::size_t first_byte, std::size_t stride) {
    return [=](Passing frame) {
        std::vector<Passing> all;
        for (auto bit = first_byte * 8; bit < frame.frame.size() * 8; bit += stride) {
            all.push_back(flip_bit(bit)(frame).front());
        }
        all.push_back(std::move(frame));
        return all;
    };
}

Change::Apply spray_prefixes(std::size_t first, std::size_t stride) {
    return [=](Passing frame) {
        std::vector<Passing> all;
        for (auto size = first; size < frame.frame.size(); size += stride) all.push_back(cut_to(size)(frame).front());
        all.push_back(std::move(frame));
        return all;
    };
}

Change::Applies nth(std::size_t n, Change::Applies applies) {
    return [left = std::make_shared<std::size_t>(n + 1), applies = std::move(applies)](const Passing& frame) {
        return *left > 0 && applies(frame) && --*left == 0;
    };
}

Change::Applies of_type(Direction direction, std::uint8_t type) {
    return [=](const Passing& frame) { return frame.direction == direction && frame.frame.at(0) == type; };
}

Change::Applies post_of_kind(std::uint8_t kind) {
    return [=](const Passing& frame) {
        const bool post = frame.direction == Direction::to_relay && frame.frame.at(0) == wire::Post::type;
        return post && frame.frame.size() > post_body_at && frame.frame[post_body_at] == kind;
    };
}

}  // namespace parley::hostile
