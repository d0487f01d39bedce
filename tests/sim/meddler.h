// A relay in the middle that does at random what it can with the frames of a conversation.
#pragma once

#include <deque>
#include <random>

#include "hostile/interceptor.h"

namespace parley::sim {

class Meddler final : public hostile::Interceptor {
public:
    /// Of a hundred frames so many are lost, repeated, held back, replayed, damaged or cut short.
    Meddler(std::uint64_t seed, unsigned percent) : dice_(seed), percent_(percent) {}

    std::vector<hostile::Passing> pass(hostile::Passing frame, Time now) override;
    void stop() { percent_ = 0; }

private:
    using Frames = std::vector<hostile::Passing>;

    std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_); }
    Frames meddle(hostile::Passing frame);
    Frames hold_back(hostile::Passing frame);
    Frames replay(hostile::Passing frame);
    Frames damage(hostile::Passing frame);

    std::mt19937_64 dice_;
    unsigned percent_;
    std::deque<hostile::Passing> held_;
    std::deque<hostile::Passing> seen_;
};

}  // namespace parley::sim
