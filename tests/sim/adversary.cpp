#include "sim/adversary.h"

#include <stdexcept>

#include "hostile/catalogue.h"

namespace parley::sim {
namespace {

using hostile::Passing;

hostile::AttackPtr make_attack(const std::string& names, std::uint64_t seed) {
    if (names.empty()) return std::make_unique<hostile::Sequence>(std::vector<hostile::AttackPtr>());
    auto made = hostile::make_attack(names, seed);
    if (!made) throw std::runtime_error("there is no attack " + names + ", but: " + hostile::attack_names());
    return std::move(*made);
}

}  // namespace

Adversary::Adversary(std::uint64_t seed, const std::string& attack, unsigned meddling)
    : attack_(make_attack(attack, seed)), meddler_(seed, meddling) {}

std::vector<Passing> Adversary::pass(Passing frame, Time now) {
    sealings_.watch(frame);
    return meddle(attack_->pass(std::move(frame), now), now);
}

std::vector<Passing> Adversary::on_time(Time now) { return meddle(attack_->on_time(now), now); }

void Adversary::stop() {
    attack_->limit(0);
    meddler_.stop();
}

std::vector<Passing> Adversary::meddle(std::vector<Passing> frames, Time now) {
    std::vector<Passing> out;
    for (auto& frame : frames) {
        for (auto& passing : meddler_.pass(std::move(frame), now)) out.push_back(std::move(passing));
    }
    return out;
}

}  // namespace parley::sim
