// What happens in a storm, as data: drawn from a seed, played, printed, made smaller.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::sim {

enum class What : std::uint8_t {
    say,
    cut,          ///< somebody's connection
    die,          ///< somebody's process, before one of its next actions
    come_back,    ///< from what it saved last, or out of its sleep
    fall_asleep,  ///< somebody's machine, whose steady clock stands still
    jump,         ///< somebody's wall clock; the steady one too where nothing runs on it
    relay_dies,
    relay_comes_back,
};

struct Happening {
    std::chrono::milliseconds before;  ///< that passed since the last one
    What what;
    std::size_t who;
    std::size_t dice;
};
using Plan = std::vector<Happening>;

inline constexpr std::size_t people = 4;
inline constexpr std::size_t messages = 100;

/// A hundred messages among everything else.
Plan draw(std::uint64_t seed);
/// How far a clock jumps, forward or back: minutes to days.
std::chrono::seconds jump_of(std::size_t dice);
std::string text_of(const Plan& plan);

/// The smallest plan it finds, by leaving out ever smaller parts, that still fails.
Plan shrink(Plan plan, const std::function<bool(const Plan&)>& fails);

}  // namespace parley::sim
