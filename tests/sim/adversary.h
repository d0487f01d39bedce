// All that interferes in a storm: an attack of the catalogue, and behind it a relay that meddles at random. In front
// stands who watches what was sealed, before anybody touched it.
#pragma once

#include "hostile/attack.h"
#include "sim/meddler.h"
#include "sim/sealings.h"

namespace parley::sim {

class Adversary final : public hostile::Interceptor {
public:
    /// `attack`: none, or names of the catalogue.
    Adversary(std::uint64_t seed, const std::string& attack, unsigned meddling);

    std::vector<hostile::Passing> pass(hostile::Passing frame, Time now) override;
    std::vector<hostile::Passing> on_time(Time now) override;
    std::optional<Time> next_deadline() const override { return attack_->next_deadline(); }
    void stop();

    const Sealings& sealings() const { return sealings_; }

private:
    std::vector<hostile::Passing> meddle(std::vector<hostile::Passing> frames, Time now);

    Sealings sealings_;
    hostile::AttackPtr attack_;
    Meddler meddler_;
};

}  // namespace parley::sim
