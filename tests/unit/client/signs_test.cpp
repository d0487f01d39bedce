// Typing and what was read: told to verified people, when one wants it, and to nobody else (ATTACKS 13).
#include <gmock/gmock.h>

#include "client/limits.h"
#include "wire/frames.h"
#include "world/world.h"

namespace parley::client {
namespace {

using namespace std::chrono_literals;
using test::World;
using testing::IsEmpty;

constexpr std::size_t anna = 0, ben = 1;

class Signs : public testing::Test {
protected:
    Signs() {
        world_.start_all({"anna", "ben"});
        world_.settle(1s);
    }
    void anna_verifies_ben() {
        world_.command(anna, ShowSafetyNumber{});
        world_.command(anna, Verify{{}, world_.shown<SafetyNumber>(anna).back().digits});
    }
    /// Frames that anna has posted since.
    std::size_t posts_of_anna_during(const std::function<void()>& what) {
        world_.record_wire(true);
        const auto before = world_.wire().size();
        what();
        const auto& wire = world_.wire();
        return static_cast<std::size_t>(std::count_if(
            wire.begin() + static_cast<std::ptrdiff_t>(before), wire.end(), [](const hostile::Passing& passing) {
                return passing.client == anna && passing.direction == hostile::Direction::to_relay &&
                       passing.frame[0] == wire::Post::type;
            }));
    }

    World world_;
};

TEST_F(Signs, typing_is_told_to_who_is_verified_and_ends_by_itself) {
    anna_verifies_ben();
    world_.command(anna, StartTyping{});
    world_.settle(1s);
    ASSERT_EQ(world_.shown<Typing>(ben).size(), 1U);
    EXPECT_TRUE(world_.shown<Typing>(ben)[0].typing);
    world_.run_for(typing_believed);
    ASSERT_EQ(world_.shown<Typing>(ben).size(), 2U);
    EXPECT_FALSE(world_.shown<Typing>(ben)[1].typing);
}

TEST_F(Signs, typing_ends_with_the_message) {
    anna_verifies_ben();
    world_.command(anna, StartTyping{});
    world_.settle(1s);
    world_.say(anna, "done");
    world_.settle(1s);
    EXPECT_FALSE(world_.shown<Typing>(ben).back().typing);
}

TEST_F(Signs, typing_again_after_a_message_is_told_at_once) {
    anna_verifies_ben();
    world_.command(anna, StartTyping{});
    world_.say(anna, "first");
    world_.command(anna, StartTyping{});
    world_.settle(1s);
    EXPECT_TRUE(world_.shown<Typing>(ben).back().typing);
}

TEST_F(Signs, a_key_press_costs_a_frame_only_now_and_then) {
    anna_verifies_ben();
    const auto posts = posts_of_anna_during([&] {
        for (int i = 0; i < 100; ++i) world_.command(anna, StartTyping{});
        world_.run_for(1s);
    });
    EXPECT_EQ(posts, 1U);
}

// ATTACKS 13
TEST_F(Signs, nobody_unverified_gets_a_single_byte) {
    const auto posts = posts_of_anna_during([&] {
        world_.command(anna, StartTyping{});
        world_.command(anna, SeeAll{});
        world_.run_for(1s);
    });
    EXPECT_EQ(posts, 0U);
    EXPECT_THAT(world_.shown<Typing>(ben), IsEmpty());
}

// ATTACKS 13
TEST_F(Signs, nothing_is_told_when_turned_off) {
    anna_verifies_ben();
    world_.command(anna, ChooseSigns{.typing = false, .read = false});
    world_.say(ben, "are you there?");
    world_.settle(1s);
    const auto posts = posts_of_anna_during([&] {
        world_.command(anna, StartTyping{});
        world_.command(anna, SeeAll{});
        world_.run_for(1s);
    });
    EXPECT_EQ(posts, 0U);
    EXPECT_THAT(world_.shown<Typing>(ben), IsEmpty());
    EXPECT_THAT(world_.shown<ReadBy>(ben), IsEmpty());
}

TEST_F(Signs, reading_is_told_up_to_the_last_line_that_was_seen) {
    anna_verifies_ben();
    world_.say(ben, "one");
    world_.say(ben, "two");
    world_.settle(1s);
    EXPECT_THAT(world_.shown<ReadBy>(ben), IsEmpty());
    world_.command(anna, SeeAll{});
    world_.settle(1s);
    ASSERT_EQ(world_.shown<ReadBy>(ben).size(), 1U);
    EXPECT_EQ(world_.shown<ReadBy>(ben)[0].line, 2U);
    world_.command(anna, SeeAll{});  // nothing new: nothing is told
    world_.settle(1s);
    EXPECT_EQ(world_.shown<ReadBy>(ben).size(), 1U);
}

TEST_F(Signs, a_time_to_live_is_told_to_all_and_goes_with_each_message) {
    world_.command(anna, SetTimeToLive{300});
    world_.say(anna, "soon gone");
    world_.settle(1s);
    ASSERT_EQ(world_.shown<TimeToLiveChanged>(ben).size(), 1U);
    EXPECT_EQ(world_.shown<MessageReceived>(ben).back().ttl, 300U);
    world_.say(ben, "mine too");
    world_.settle(1s);
    EXPECT_EQ(world_.shown<MessageReceived>(anna).back().ttl, 300U);
    world_.command(ben, SetTimeToLive{max_ttl_seconds + 1});
    EXPECT_EQ(world_.shown<Refusal>(ben).size(), 1U);
}

}  // namespace
}  // namespace parley::client
