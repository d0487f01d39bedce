// Where a loop reads: what was kept stays as it is, whatever is read afterwards.
#include <gtest/gtest.h>

#include "relay/intake.h"
#include "wire/limits.h"

namespace parley::relay {
namespace {

/// Reads so many bytes of this value.
ByteView read(Intake& intake, std::size_t size, std::uint8_t value) {
    const auto into = intake.next().first(size);
    std::ranges::fill(into, value);
    intake.on_read(size);
    return into;
}
bool is_all(const Payload& kept, std::uint8_t value) {
    return std::ranges::all_of(kept.view(), [value](auto byte) { return byte == value; });
}

bool is_wiped(ByteView bytes) {
    return std::ranges::all_of(bytes, [](auto byte) { return byte == 0; });
}

class Reading : public testing::Test {
protected:
    PayloadPool pool;
    Intake intake{pool};
};

TEST_F(Reading, GoesWhereNothingIsThatWasKept) {
    std::vector<Payload> kept;
    for (std::uint8_t i = 0; i < 100; ++i) kept.push_back(intake.keep(read(intake, 1'000U * (i % 70U + 9U), i)));
    for (std::uint8_t i = 0; i < 100; ++i) EXPECT_TRUE(is_all(kept[i], i)) << int{i};
}

TEST_F(Reading, IsToTheSamePlaceAgainWhenNothingWasKept) {
    const auto* place = intake.next().data();
    const auto few = intake.keep(read(intake, 100, 1));
    EXPECT_EQ(intake.next().data(), place) << "of few bytes there is a copy";
    {
        const auto many = intake.keep(read(intake, 100'000, 2));
        EXPECT_NE(intake.next().data(), place);
    }
    EXPECT_EQ(intake.next().data(), place);
    EXPECT_TRUE(is_all(few, 1));
}

TEST_F(Reading, KeepsManyBytesWithoutACopy) {
    const auto bytes = read(intake, 100'000, 1);
    EXPECT_EQ(intake.keep(bytes).view().data(), bytes.data());
}

TEST_F(Reading, AlwaysHasRoomForTwoOfTheLargestFrames) {
    std::vector<Payload> kept;
    for (int i = 0; i < 100; ++i) {
        EXPECT_GE(intake.next().size(), 2 * wire::max_frame);
        kept.push_back(intake.keep(read(intake, 9'000U + 1'000U * static_cast<unsigned>(i), 1)));
    }
}

// A slow reader's kilobytes hold a whole buffer: that is bounded.
TEST_F(Reading, CopiesWhenSoManyBuffersAreHeld) {
    std::vector<Payload> kept;
    for (int i = 0; i < 1'000; ++i) {
        auto bytes = read(intake, 200'000, 1);
        kept.push_back(intake.keep(bytes.first(20'000)));
        kept.push_back(intake.keep(bytes.last(20'000)));
    }
    EXPECT_LE(pool.largest_in_use() * Intake::size, 33U << 20U);
    EXPECT_TRUE(std::ranges::all_of(kept, [](const auto& each) { return is_all(each, 1); }));
    kept.clear();
    EXPECT_EQ(pool.blocks_in_use(), 0U);
    EXPECT_EQ(pool.largest_in_use(), 1U) << "the one that is read to";
}

TEST_F(Reading, KnowsWhatLiesInIt) {
    EXPECT_EQ(intake.place_of({}), nullptr);
    const auto bytes = read(intake, 10, 1);
    EXPECT_EQ(intake.place_of(bytes.subspan(3)), bytes.data() + 3);
    EXPECT_EQ(intake.place_of(Bytes(10)), nullptr);
}

TEST_F(Reading, LeavesNothingBehindOnceItIsWiped) {
    const auto first = read(intake, 50'000, 1);
    const auto kept = intake.keep(first.first(20'000));
    EXPECT_TRUE(intake.has_stale());
    intake.wipe_stale();
    EXPECT_FALSE(intake.has_stale());
    EXPECT_TRUE(is_all(kept, 1)) << "what was kept is still there";
    EXPECT_TRUE(is_wiped(first.subspan(20'000)));
}

// PROTOCOL 6.6: whatever else is kept beside it, for however long.
TEST_F(Reading, LeavesNothingOfWhatWasLetGo) {
    const auto bytes = read(intake, 60'000, 1);
    std::array kept{intake.keep(bytes.first(20'000)), intake.keep(bytes.subspan(20'000, 20'000)),
                    intake.keep(bytes.subspan(40'000))};
    for (const std::size_t which : {1U, 0U, 2U}) {
        kept[which] = {};
        EXPECT_TRUE(is_wiped(bytes.subspan(20'000 * which, 20'000))) << which;
        for (const auto& other : kept) EXPECT_TRUE(is_all(other, 1)) << which;
    }
}

TEST_F(Reading, LeavesNothingOfWhatLayBetween) {
    const auto bytes = read(intake, 60'000, 1);
    const auto first = intake.keep(bytes.first(20'000));
    const auto second = intake.keep(bytes.subspan(21'000, 20'000));
    EXPECT_TRUE(is_wiped(bytes.subspan(20'000, 1'000)));
    const auto rest = intake.keep(read(intake, 100'000, 2));
    intake.next();  // of another buffer
    EXPECT_TRUE(is_all(first, 1) && is_all(second, 1) && is_all(rest, 2));
}

TEST_F(Reading, LeavesNothingInABufferThatASlowReaderHolds) {
    const auto bytes = read(intake, 200'000, 1);
    const auto kept = intake.keep(bytes.first(180'000));
    intake.next();
    EXPECT_TRUE(is_wiped(bytes.subspan(180'000)));
    EXPECT_TRUE(is_all(kept, 1));
}

TEST_F(Reading, WipesNothingThatCameSince) {
    intake.keep(read(intake, 100'000, 1));
    const auto again = read(intake, 50'000, 2);
    const auto kept = intake.keep(again);
    pool.wipe_stale();
    intake.wipe_stale();
    EXPECT_TRUE(is_all(kept, 2));
}

}  // namespace
}  // namespace parley::relay
