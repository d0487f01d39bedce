// What one connection may send, at its value and one above (RELAY; FAULTS F15).
#include "relay/throttle.h"

#include <gtest/gtest.h>

namespace parley::relay {
namespace {

constexpr std::size_t MiB = 1U << 20U;

struct Sender {
    Limits limits;
    Throttle throttle;
    Time now = Time{} + 1h;

    Duration read(std::size_t bytes, std::size_t frames = 1) {
        throttle.on_read(limits, bytes, frames, now);
        return throttle.pause(limits, now);
    }
};

TEST(Throttle, lets_16_MiB_through_at_once_and_then_8_a_second) {
    Sender sender;
    EXPECT_EQ(sender.read(16 * MiB), 0s);
    EXPECT_EQ(sender.read(8 * MiB), 1s);
    sender.now += 1s;
    EXPECT_EQ(sender.throttle.pause(sender.limits, sender.now), 0s);
    EXPECT_GT(sender.read(1), 0s);
}

TEST(Throttle, lets_8_MiB_a_second_through_for_ever) {
    Sender sender;
    for (int second = 0; second < 1'000; ++second) {
        EXPECT_EQ(sender.read(8 * MiB), 0s);
        sender.now += 1s;
    }
}

// FAULTS F15
TEST(Throttle, lets_4000_frames_through_at_once_and_then_2000_a_second) {
    Sender sender;
    EXPECT_EQ(sender.read(1, 4'000), 0s);
    EXPECT_EQ(sender.read(0, 1), 500us);
    EXPECT_EQ(sender.read(0, 1'999), 1s);
    sender.now += 1s;
    for (int second = 0; second < 1'000; ++second) {
        sender.now += 1s;
        EXPECT_EQ(sender.read(1, 2'000), 0s);
    }
}

TEST(Rate, of_any_size_does_not_wrap) {
    const Rate rate{.per_second = std::size_t{8} << 30U, .burst = std::size_t{64} << 30U};
    EXPECT_EQ(rate.time_for(rate.burst), 8s);
    EXPECT_EQ(rate.time_for(rate.per_second - 1), 999'999'999ns);
}

TEST(Share, of_a_loop_is_its_part_of_what_counts_in_all) {
    const auto all = Limits{};
    const auto share = share_of(all, 4);
    EXPECT_EQ(share.total_memory, all.total_memory / 4);
    EXPECT_EQ(share.not_joined, 128U);
    EXPECT_EQ(share.not_joined_early, 32U);
    EXPECT_EQ(share.room_memory, all.room_memory);
    EXPECT_EQ(share_of(all, 256).not_joined_early, 1U);
}

}  // namespace
}  // namespace parley::relay
