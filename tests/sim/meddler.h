// A relay in the middle that does at random what it can with the frames of a conversation, and watches that nobody
// seals two different things alike.
#pragma once

#include <deque>
#include <map>
#include <random>
#include <string>

#include "hostile/interceptor.h"

namespace parley::sim {

class Meddler final : public hostile::Interceptor {
public:
    /// Of a hundred frames so many are lost, repeated, held back, replayed, damaged or cut short.
    Meddler(std::uint64_t seed, unsigned percent) : dice_(seed), percent_(percent) {}

    std::vector<hostile::Passing> pass(hostile::Passing frame, Time now) override;
    void stop() { percent_ = 0; }

    /// Messages under the same nonce that are not the same.
    std::size_t sealed_alike() const { return sealed_alike_; }

private:
    using Frames = std::vector<hostile::Passing>;

    std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_); }
    void watch(const hostile::Passing& frame);
    Frames meddle(hostile::Passing frame);
    Frames hold_back(hostile::Passing frame);
    Frames replay(hostile::Passing frame);
    Frames damage(hostile::Passing frame);

    std::mt19937_64 dice_;
    unsigned percent_;
    std::deque<hostile::Passing> held_;
    std::deque<hostile::Passing> seen_;
    std::map<std::string, std::size_t> sealed_;  ///< hashes of messages by the nonces they begin with
    std::size_t sealed_alike_ = 0;
};

}  // namespace parley::sim
