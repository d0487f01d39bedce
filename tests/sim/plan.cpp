#include "sim/plan.h"

#include <algorithm>
#include <array>
#include <random>

namespace parley::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array words{
    "says", "cut", "dies", "comes back", "falls asleep", "has another time", "relay dies", "relay comes back"};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(engine_); }

private:
    std::mt19937_64 engine_;
};

What draw_what(Dice& dice) {
    switch (dice.roll(20)) {
        case 0:
        case 1:
        case 2: return What::die;
        case 3:
        case 4:
        case 5: return What::come_back;
        case 6:
        case 7: return What::cut;
        case 8: return dice.roll(3) == 0 ? What::relay_dies : What::relay_comes_back;
        case 9: return dice.roll(2) == 0 ? What::fall_asleep : What::jump;
        default: return What::say;
    }
}

/// Mostly a moment; now and then nothing happens for minutes.
std::chrono::milliseconds draw_pause(Dice& dice) {
    if (dice.roll(100) == 0) return std::chrono::minutes(1 + dice.roll(4));
    return std::chrono::milliseconds(dice.roll(400));
}

Plan without(const Plan& plan, std::size_t first, std::size_t count) {
    Plan rest(plan.begin(), plan.begin() + static_cast<std::ptrdiff_t>(first));
    rest.insert(rest.end(), plan.begin() + static_cast<std::ptrdiff_t>(std::min(first + count, plan.size())),
                plan.end());
    return rest;
}

}  // namespace

Plan draw(std::uint64_t seed) {
    Dice dice(seed);
    Plan plan;
    for (std::size_t said = 0; said < messages;) {
        const auto before = draw_pause(dice);
        const auto what = draw_what(dice);
        plan.push_back({before, what, dice.roll(people), dice.roll(12)});
        if (what == What::say) ++said;
    }
    return plan;
}

std::chrono::seconds jump_of(std::size_t dice) {
    constexpr std::array<std::chrono::seconds, 6> jumps{1min, 10min, 1h, 10h, 24h, 240h};
    const auto by = jumps[dice / 2 % jumps.size()];
    return dice % 2 == 0 ? by : -by;
}

std::string text_of(const Plan& plan) {
    std::string text;
    for (const auto& each : plan) {
        text += "  after " + std::to_string(each.before.count()) + " ms: ";
        const bool of_relay = each.what == What::relay_dies || each.what == What::relay_comes_back;
        if (!of_relay) text += "person " + std::to_string(each.who) + " ";
        text += words[static_cast<std::size_t>(each.what)];
        if (each.what == What::die) text += " at its action " + std::to_string(each.dice);
        if (each.what == What::jump) text += ": " + std::to_string(jump_of(each.dice).count()) + " s from now";
        text += '\n';
    }
    return text;
}

Plan shrink(Plan plan, const std::function<bool(const Plan&)>& fails) {
    for (auto part = plan.size() / 2; part > 0; part /= 2) {
        for (std::size_t at = 0; at < plan.size();) {
            auto smaller = without(plan, at, part);
            if (fails(smaller)) plan = std::move(smaller);
            else at += part;
        }
    }
    return plan;
}

}  // namespace parley::sim
