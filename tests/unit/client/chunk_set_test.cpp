#include "client/chunk_set.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace parley::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChunkSet, JoinsWhatTouches) {
    ChunkSet set;
    EXPECT_TRUE(set.add(0));
    EXPECT_TRUE(set.add(2));
    EXPECT_THAT(set.beyond(8), ElementsAre(ChunkRange{2, 2}));
    EXPECT_TRUE(set.add(1));
    EXPECT_FALSE(set.add(1));
    EXPECT_EQ(set.through(), 3U);
    EXPECT_THAT(set.beyond(8), IsEmpty());
}

TEST(ChunkSet, TellsTheFirstRangesAndTheLastWhenThereAreTooMany) {
    ChunkSet set;
    for (std::uint64_t i = 1; i < 20; i += 2) set.add(i);
    EXPECT_THAT(set.beyond(3), ElementsAre(ChunkRange{1, 1}, ChunkRange{3, 3}, ChunkRange{19, 19}));
}

TEST(ChunkSet, AgreesWithASetOfNumbersWhateverIsAdded) {
    std::mt19937 random(4);
    for (int round = 0; round < 200; ++round) {
        ChunkSet set;
        std::set<std::uint64_t> plain;
        for (int i = 0; i < 30; ++i) {
            const std::uint64_t first = random() % 60;
            const ChunkRange range{first, first + random() % 6};
            const auto before = plain.size();
            for (auto k = range.first; k <= range.last; ++k) plain.insert(k);
            EXPECT_EQ(set.add(range), plain.size() != before);
        }
        EXPECT_EQ(set.size(), plain.size());
        for (std::uint64_t k = 0; k < 70; ++k) {
            EXPECT_EQ(set.contains(k), plain.contains(k));
            auto missing = k;
            while (plain.contains(missing)) ++missing;
            EXPECT_EQ(set.next_missing(k), missing);
        }
        std::uint64_t told = set.through();
        for (const auto& range : set.beyond(100)) told += range.last - range.first + 1;
        EXPECT_EQ(told, plain.size());
    }
}

}  // namespace
}  // namespace parley::client
