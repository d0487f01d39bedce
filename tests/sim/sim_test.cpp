// Storms from many seeds, and that each flaw is found (FAULTS R, C; the plan of TESTING).
#include <gtest/gtest.h>

#include "hostile/catalogue.h"
#include "sim/storm.h"

namespace parley::sim {
namespace {

#if defined(PARLEY_SANITIZED)
constexpr std::uint64_t storms_each = 3;
constexpr std::uint64_t storms_with_an_attack = 1;
#else
constexpr std::uint64_t storms_each = 125;
constexpr std::uint64_t storms_with_an_attack = 10;
#endif

struct Share {
    std::uint64_t number;
    unsigned meddling;
    std::uint32_t grace = Weather{}.grace;
};

/// Half of all with an honest relay, half with one that interferes; in shares, so that all cores have something to do.
class Storms : public testing::TestWithParam<Share> {};

TEST_P(Storms, EndWithNothingToComplainOf) {
    const auto [number, meddling, grace] = GetParam();
    for (std::uint64_t i = 0; i < storms_each; ++i) {
        const Weather weather{.seed = number * storms_each + i + 1, .meddling = meddling, .grace = grace};
        const auto outcome = play(weather);
        ASSERT_TRUE(outcome.complaints.empty()) << explain(weather, outcome);
    }
}

std::vector<Share> shares(std::uint64_t count, unsigned meddling) {
    std::vector<Share> all;
    for (std::uint64_t number = 0; number < count; ++number) all.push_back({number, meddling});
    return all;
}
/// Whoever sleeps or is dead for a minute has gone, and comes back all the same.
std::vector<Share> shares_with_a_short_grace(std::uint64_t count) {
    auto all = shares(count, 0);
    for (auto& share : all) share.grace = 60;
    return all;
}
std::string name_of_share(const testing::TestParamInfo<Share>& share) { return std::to_string(share.param.number); }

INSTANTIATE_TEST_SUITE_P(HonestRelay, Storms, testing::ValuesIn(shares(4, 0)), name_of_share);
INSTANTIATE_TEST_SUITE_P(ShortGrace, Storms, testing::ValuesIn(shares_with_a_short_grace(4)), name_of_share);
INSTANTIATE_TEST_SUITE_P(MeddlingRelay, Storms, testing::ValuesIn(shares(4, 4)), name_of_share);
INSTANTIATE_TEST_SUITE_P(RuthlessRelay, Storms, testing::ValuesIn(shares(4, 20)), name_of_share);

/// Where a relay has hardly room for what a storm says. Each of these lost texts or cried wolf once.
TEST(NearlyFullRelay, EndsWithNothingToComplainOf) {
    for (const auto& [seed, room] : {std::pair{34U, 96U}, {140U, 96U}, {4003U, 112U}}) {
        const Weather weather{.seed = seed, .room = room};
        const auto outcome = play(weather);
        ASSERT_TRUE(outcome.complaints.empty()) << explain(weather, outcome);
    }
}

class Attacks : public testing::TestWithParam<hostile::Entry> {};

TEST_P(Attacks, InAStormLeaveNothingToComplainOf) {
    for (std::uint64_t seed = 1; seed <= storms_with_an_attack; ++seed) {
        const Weather weather{.seed = seed, .attack = std::string(GetParam().name)};
        const auto outcome = play(weather);
        ASSERT_TRUE(outcome.complaints.empty()) << explain(weather, outcome);
    }
}

std::string with_underscores(std::string_view words) {
    std::string name(words);
    std::ranges::replace(name, '-', '_');
    return name;
}
std::string name_of_attack(const testing::TestParamInfo<hostile::Entry>& attack) {
    return with_underscores(attack.param.name);
}

INSTANTIATE_TEST_SUITE_P(Each, Attacks, testing::ValuesIn(hostile::catalogue().begin(), hostile::catalogue().end()),
                         name_of_attack);

class Flaws : public testing::TestWithParam<NamedFlaw> {};

TEST_P(Flaws, AreFound) {
    const auto& named = GetParam();
    const auto tells = [&](const std::string& complaint) { return complaint.contains(named.complaint); };
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto outcome = play({.seed = seed, .meddling = named.meddling, .flaw = named.flaw});
        if (std::ranges::any_of(outcome.complaints, tells)) return;
    }
    FAIL() << "forty storms, and nobody said: " << named.complaint;
}

std::string name_of_flaw(const testing::TestParamInfo<NamedFlaw>& flaw) { return with_underscores(flaw.param.name); }

INSTANTIATE_TEST_SUITE_P(Each, Flaws, testing::ValuesIn(flaws), name_of_flaw);

const Weather planted{.seed = 3, .flaw = Flaw::shows_twice};
bool fails(const Plan& plan) { return !Storm(planted).play(plan).empty(); }

TEST(Shrink, leaves_a_smaller_storm_that_still_fails) {
    const auto plan = draw(planted.seed);
    ASSERT_TRUE(fails(plan));
    const auto smallest = shrink(plan, fails);
    EXPECT_TRUE(fails(smallest)) << text_of(smallest);
    EXPECT_LT(smallest.size(), plan.size() / 4) << text_of(smallest);
}

TEST(Explain, names_the_command_that_shows_it_again_and_a_smaller_storm) {
    const auto outcome = play(planted);
    ASSERT_FALSE(outcome.complaints.empty());
    const auto text = explain(planted, outcome);
    EXPECT_TRUE(text.starts_with("seed 3: " + outcome.complaints.front() + '\n')) << text;
    EXPECT_TRUE(text.contains("again: ./dev sim --seed 3 --meddling 0 --grace 3600 --flaw shows-twice\n")) << text;
    EXPECT_LT(std::ranges::count(text, '\n'), std::ranges::count(text_of(draw(planted.seed)), '\n')) << text;
    EXPECT_TRUE(text.contains("and then: ") && text.ends_with(" twice\n")) << text;
}

}  // namespace
}  // namespace parley::sim
