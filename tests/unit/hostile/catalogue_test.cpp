// The catalogue itself: what attacks promise to whoever runs them.
#include "unit/hostile/stage.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using test::Stage;

std::vector<std::string> deeds_of(std::string_view attack, std::uint64_t seed) {
    Stage stage({.attack = attack, .seed = seed});
    stage.talk(12);
    stage.world.run_for(30s);
    std::vector<std::string> lines;
    for (const auto& deed : stage.deeds()) lines.push_back(hostile::describe(deed));
    return lines;
}

TEST(Catalogue, EveryAttackStrikesAndSaysSo) {
    for (const auto& entry : hostile::catalogue()) {
        const auto lines = deeds_of(entry.name, 1);
        ASSERT_THAT(lines, testing::Not(testing::IsEmpty())) << entry.name;
        EXPECT_THAT(lines.front(), testing::StartsWith(std::string(entry.name) + ": "));
    }
}

TEST(Catalogue, TheSameSeedDoesTheSame) {
    for (const auto& entry : hostile::catalogue()) EXPECT_EQ(deeds_of(entry.name, 7), deeds_of(entry.name, 7));
    EXPECT_NE(deeds_of("flip", 1), deeds_of("flip", 2));
}

TEST(Catalogue, SaysNothingOfWhatIsInAFrame) {
    for (const auto& line : deeds_of("drop", 1)) {
        EXPECT_THAT(line, testing::MatchesRegex("drop: Deliver to client [12], [0-9]+ bytes: [a-z ,]+")) << line;
    }
}

TEST(Catalogue, AnAttackThatIsLimitedIsHonestAfterwards) {
    Stage stage({.attack = "replay"});
    stage.limit(3);
    stage.talk(12);
    stage.world.run_for(5s);
    EXPECT_EQ(stage.deeds().size(), 3U);
    EXPECT_EQ(stage.world.alarms(0).size() + stage.world.alarms(1).size(), 3U);
}

TEST(Catalogue, RefusesANameThatIsNone) {
    for (const auto* names : {"", "nonsense", "drop,", "drop,nonsense", ",drop", "drop replay"}) {
        EXPECT_FALSE(hostile::make_attack(names, 1).has_value()) << names;
    }
    EXPECT_TRUE(hostile::make_attack("drop,replay,slow", 1).has_value());
}

}  // namespace
}  // namespace parley
