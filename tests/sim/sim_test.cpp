// Storms from many seeds, and that each flaw is found (FAULTS R, C; the plan of TESTING).
#include <gtest/gtest.h>

#include "sim/storm.h"

namespace parley::sim {
namespace {

#if defined(PARLEY_SANITIZED)
constexpr std::uint64_t storms_each = 3;
#else
constexpr std::uint64_t storms_each = 125;
#endif

struct Share {
    std::uint64_t number;
    unsigned meddling;
};

/// Half of all with an honest relay, half with one that interferes; in shares, so that all cores have something to do.
class Storms : public testing::TestWithParam<Share> {};

TEST_P(Storms, EndWithNothingToComplainOf) {
    const auto [number, meddling] = GetParam();
    for (std::uint64_t i = 0; i < storms_each; ++i) {
        const Weather weather{.seed = number * storms_each + i + 1, .meddling = meddling};
        const auto outcome = play(weather);
        ASSERT_TRUE(outcome.complaints.empty()) << explain(weather, outcome);
    }
}

std::vector<Share> shares(std::uint64_t count, unsigned meddling) {
    std::vector<Share> all;
    for (std::uint64_t number = 0; number < count; ++number) all.push_back({number, meddling});
    return all;
}
std::string name_of_share(const testing::TestParamInfo<Share>& share) { return std::to_string(share.param.number); }

INSTANTIATE_TEST_SUITE_P(HonestRelay, Storms, testing::ValuesIn(shares(8, 0)), name_of_share);
INSTANTIATE_TEST_SUITE_P(MeddlingRelay, Storms, testing::ValuesIn(shares(4, 4)), name_of_share);
INSTANTIATE_TEST_SUITE_P(RuthlessRelay, Storms, testing::ValuesIn(shares(4, 20)), name_of_share);

class Flaws : public testing::TestWithParam<NamedFlaw> {};

TEST_P(Flaws, AreFound) {
    const auto& named = GetParam();
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        if (!play({.seed = seed, .meddling = named.meddling, .flaw = named.flaw}).complaints.empty()) return;
    }
    FAIL() << "forty storms, and nobody noticed";
}

std::string name_of_flaw(const testing::TestParamInfo<NamedFlaw>& flaw) {
    std::string name(flaw.param.name);
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Flaws, testing::ValuesIn(flaws), name_of_flaw);

}  // namespace
}  // namespace parley::sim
