#include "ui/screen/completion.h"

#include <gmock/gmock.h>

namespace parley::ui::screen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Vocabulary vocabulary{{"/verify", "/who", "/window", "/quit"}, {"ben#55DJ", "Ben#0000", "anna#7Q4K"}};

TEST(Completion, CommandsStandAtTheBeginning) {
    EXPECT_THAT(complete("/w", vocabulary).candidates, ElementsAre("/who ", "/window "));
    EXPECT_THAT(complete("see /w", vocabulary).candidates, IsEmpty());
}

TEST(Completion, NamesAtTheBeginningOfALineAreAddresses) {
    EXPECT_THAT(complete("an", vocabulary).candidates, ElementsAre("anna#7Q4K: "));
    EXPECT_THAT(complete("hello an", vocabulary).candidates, ElementsAre("anna#7Q4K "));
    EXPECT_EQ(complete("hello an", vocabulary).begin, 6U);
}

TEST(Completion, TwoOfOneNameAreToldApart) {
    EXPECT_THAT(complete("/verify ben", vocabulary).candidates, ElementsAre("Ben#0000 ", "ben#55DJ "));
}

TEST(Completion, NothingTypedAsksForNobody) { EXPECT_THAT(complete("hello ", vocabulary).candidates, IsEmpty()); }

TEST(TabWalk, GoesAroundInBothDirections) {
    TabWalk walk;
    EXPECT_EQ(*walk.next("/w", vocabulary, false), "/who ");
    EXPECT_EQ(*walk.next("/who ", vocabulary, false), "/window ");
    EXPECT_EQ(*walk.next("/window ", vocabulary, false), "/who ");
    EXPECT_EQ(*walk.next("/who ", vocabulary, true), "/window ");
    walk.end();
    EXPECT_EQ(walk.next("/nothing", vocabulary, false), nullptr);
}

}  // namespace
}  // namespace parley::ui::screen
