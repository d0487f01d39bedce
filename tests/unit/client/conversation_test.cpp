// Conversations of whole clients over the real relay core, in virtual time.
#include <gmock/gmock.h>

#include "client/limits.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using client::LineState;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Conversation, TwoPeopleTalkInBothDirections) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.say(0, "hallo ben: äöü 漢字");
    world.say(1, "hello anna");
    world.settle();
    EXPECT_THAT(world.messages(0), ElementsAre("ben: hello anna"));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: hallo ben: äöü 漢字"));
    EXPECT_EQ(world.line(0, 1), LineState::opened);
    EXPECT_EQ(world.line(1, 1), LineState::opened);
    EXPECT_THAT(world.alarms(0), IsEmpty());
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

TEST(Conversation, NothingSaidIsReadableOnTheWire) {
    World world;
    world.record_wire(true);
    world.start_all({"anna-marker", "ben"});
    world.settle();
    world.say(0, "plaintext-marker");
    world.settle();
    ASSERT_THAT(world.messages(1), ElementsAre("anna-marker: plaintext-marker"));
    EXPECT_FALSE(world.was_on_the_wire(bytes_of("plaintext-marker")));
    EXPECT_FALSE(world.was_on_the_wire(bytes_of("anna-marker")));
    // The same search finds what is there: the broken twin is a relay that is sent the text itself.
    ASSERT_FALSE(world.wire().empty());
    EXPECT_TRUE(world.was_on_the_wire(ByteView(world.wire().back().frame).last(8)));
}

TEST(Conversation, TextWaitsForTheFirstPersonWhoComes) {
    World world;
    world.start_all({"anna"});
    world.settle();
    world.say(0, "is anybody there?");
    world.settle();
    EXPECT_EQ(world.line(0, 1), LineState::queued);
    world.start_all({"ben"});
    world.settle(2s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: is anybody there?"));
    EXPECT_EQ(world.line(0, 1), LineState::opened);
}

// FAULTS C24
TEST(Conversation, ALateJoinerReadsWhatComesAfter) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.say(0, "before");
    world.settle();
    world.start_all({"clara"});
    world.settle();
    world.say(0, "after");
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: before", "anna: after"));
    EXPECT_THAT(world.messages(2), ElementsAre("anna: after"));
    for (const std::size_t who : {0U, 1U, 2U}) EXPECT_THAT(world.alarms(who), IsEmpty());
}

TEST(Conversation, SixtyThousandBytesArriveWholeAndOneMoreIsRefused) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    const std::string long_text(client::max_text, 'x');
    world.say(0, long_text);
    world.say(0, long_text + "x");
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: " + long_text));
    EXPECT_EQ(world.shown<client::Refusal>(0).size(), 1U);
}

TEST(Conversation, ThreePeopleWhoJoinInEveryOrderAllTalk) {
    std::vector<std::size_t> order{0, 1, 2};
    do {
        for (const auto pause : {0ms, 1ms, 50ms}) {
            World world(order[0] * 9 + order[1] * 3 + order[2] + 1);
            for (const auto* name : {"anna", "ben", "clara"}) world.add({.name = name});
            for (const auto who : order) {
                world.start(who);
                world.run_for(pause);
            }
            for (const std::size_t who : {0U, 1U, 2U}) world.say(who, "hello");
            world.settle(4s);
            EXPECT_THAT(world.messages(0), UnorderedElementsAre("ben: hello", "clara: hello"));
            EXPECT_THAT(world.messages(1), UnorderedElementsAre("anna: hello", "clara: hello"));
            EXPECT_THAT(world.messages(2), UnorderedElementsAre("anna: hello", "ben: hello"));
            for (const std::size_t who : {0U, 1U, 2U}) EXPECT_THAT(world.alarms(who), IsEmpty());
        }
    } while (std::ranges::next_permutation(order).found);
}

TEST(Conversation, SixteenPeopleTalkAndTheSeventeenthIsToldThatTheRoomIsFull) {
    World world;
    for (int i = 0; i < 16; ++i) {
        world.start(world.add({.name = "p" + std::to_string(i)}));
        world.run_for(200ms);
    }
    world.settle(2s);
    world.say(7, "to all of you");
    world.settle(2s);
    for (std::size_t who = 0; who < 16; ++who) {
        if (who != 7) {
            EXPECT_THAT(world.messages(who), ElementsAre("p7: to all of you")) << who;
        }
        EXPECT_THAT(world.alarms(who), IsEmpty()) << who;
    }
    EXPECT_EQ(world.line(7, 1), LineState::opened);
    const auto late = world.add({.name = "late"});
    world.start(late);
    world.settle(2s);
    ASSERT_TRUE(world.stopped(late).has_value());
    EXPECT_EQ(world.stopped(late)->why->code, Errc::room_full);
}

// FAULTS O08: a new relay does not know who has not come back yet.
TEST(Conversation, NothingIsPostedToWhoHasNotComeBackAfterTheRelayWasKilled) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.kill_relay();
    world.kill(1);
    world.start_relay();
    world.record_wire(true);
    world.run_for(10s);
    world.say(0, "is anybody there?");
    world.run_for(5s);
    const auto is_post = hostile::of_type(hostile::Direction::to_relay, wire::Post::type);
    EXPECT_EQ(std::ranges::count_if(world.wire(), is_post), 0);
    EXPECT_GT(world.wire().size(), 2U) << "she is back herself";
}

// FAULTS O08
TEST(Conversation, GoesOnAfterTheRelayWasKilledAndStartedAnew) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.say(0, "one");
    world.settle();
    world.kill_relay();
    world.say(0, "two, while it is dead");
    world.say(1, "three, while it is dead");
    world.run_for(5s);
    world.start_relay();
    world.run_for(40s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two, while it is dead"));
    EXPECT_THAT(world.messages(0), ElementsAre("ben: three, while it is dead"));
    for (const client::LineNumber line : {1U, 2U}) EXPECT_EQ(world.line(0, line), LineState::opened);
    for (const std::size_t who : {0U, 1U}) EXPECT_THAT(world.alarms(who), IsEmpty());
}

// FAULTS O08
TEST(Conversation, WhatTheRelayAcceptedAndForgotArrivesAfterItsRebirth) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.cut(1);
    world.say(0, "kept by a relay that dies");
    world.run_for(2ms);
    world.kill_relay();
    world.run_for(1s);
    world.start_relay();
    world.run_for(60s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: kept by a relay that dies"));
    EXPECT_EQ(world.line(0, 1), LineState::opened);
}

TEST(Conversation, ALostConnectionResumesWithoutLossOrDuplicates) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    for (int i = 0; i < 40; ++i) {
        world.say(0, std::to_string(i));
        world.run_for(1ms);
        if (i % 7 == 3) world.cut(0);
        if (i % 5 == 2) world.cut(1);
        world.run_for(i % 3 == 0 ? 400ms : 2ms);
    }
    world.run_for(60s);
    std::vector<std::string> expected;
    for (int i = 0; i < 40; ++i) expected.push_back("anna: " + std::to_string(i));
    EXPECT_EQ(world.messages(1), expected);
    for (client::LineNumber line = 1; line <= 40; ++line) EXPECT_EQ(world.line(0, line), LineState::opened) << line;
}

/// Of three whose bodies a seat may keep at the relay, the last ones are refused; the hole is told before they are
/// tried again.
TEST(Conversation, WhatIsAskedForAfterItWasRefusedIsNotPostedTwice) {
    relay::Limits limits;
    limits.seat_share = 3 * 4'300;
    World world(1, limits);
    world.start_all({"anna", "ben"});
    world.settle(2s);
    for (int i = 0; i < 5; ++i) world.say(0, std::to_string(i));
    world.run_for(60ms);
    world.say(0, "5");
    world.run_for(10s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: 0", "anna: 1", "anna: 2", "anna: 3", "anna: 4", "anna: 5"));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

/// Who comes back finds the relay full of what it keeps for them, and its author goes on talking: what was refused
/// comes before what is said meanwhile.
TEST(Conversation, WhatWasRefusedIsNotOvertakenByWhatIsSaidLater) {
    relay::Limits limits;
    limits.seat_share = 3 * 4'300;
    World world(1, limits);
    world.start(world.add({.name = "anna"}));
    world.start(world.add({.name = "ben", .keeps_seat = true}));
    world.settle(2s);
    world.kill(1);
    std::vector<std::string> said;
    const auto say = [&] {
        world.say(0, std::to_string(said.size()));
        said.push_back("anna: " + std::to_string(said.size()));
        world.run_for(100ms);
    };
    for (int i = 0; i < 20; ++i) say();
    world.restore(1);
    for (int i = 0; i < 100; ++i) say();
    world.run_for(60s);
    EXPECT_EQ(world.messages(1), said);
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

TEST(Conversation, AKilledClientsUnopenedMessagesFailAtTheirSendersAndItsSuccessorIsNew) {
    World world;
    world.start(world.add({.name = "anna"}));
    world.start(world.add({.name = "ben", .grace_seconds = 5}));
    world.settle();
    world.kill(1);
    world.say(0, "nobody will open this");
    world.run_for(1s);
    EXPECT_EQ(world.line(0, 1), LineState::accepted);
    world.run_for(10s);
    EXPECT_EQ(world.line(0, 1), LineState::failed);
    const auto successor = world.add({.name = "ben"});
    world.start(successor);
    world.settle(2s);
    const auto channels = world.shown<client::ChannelEstablished>(0);
    ASSERT_EQ(channels.size(), 2U);
    EXPECT_NE(channels[0].person.id, channels[1].person.id);
    EXPECT_THAT(world.messages(successor), IsEmpty());
}

TEST(Conversation, WhoDoesNotKnowTheRoomSecretReadsAndSaysNothing) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    // The stranger knows the room id, as the relay does: it sits in the same room without its key.
    const auto change = std::make_shared<hostile::Change>(
        hostile::of_type(hostile::Direction::to_relay, wire::Join::type), [&](hostile::Passing passing) {
            if (passing.client == 2) {
                const auto id = identity::room_id(identity::RoomSecret(FixedView<32>(FixedBytes<32>{
                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})));
                std::ranges::copy(id.view(), passing.frame.begin() + 2);
            }
            return std::vector{passing};
        });
    world.set_interceptor(change);
    const auto stranger = world.add({.name = "mallory", .room_secret = Bytes(32, 9)});
    world.start(stranger);
    world.settle(2s);
    world.say(0, "for members");
    world.settle(2s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::bad_card));
    EXPECT_THAT(world.messages(stranger), IsEmpty());
    EXPECT_THAT(world.shown<client::ChannelEstablished>(stranger), IsEmpty());
    EXPECT_THAT(world.messages(1), ElementsAre("anna: for members"));
}

TEST(Conversation, ANewNameIsToldInsideTheSessions) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.command(0, client::Rename{"anne"});
    world.settle();
    world.say(0, "me again");
    world.settle();
    EXPECT_EQ(world.shown<client::Renamed>(1).size(), 1U);
    EXPECT_THAT(world.messages(1), ElementsAre("anne: me again"));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

TEST(Conversation, TheSafetyNumberIsTheSameOnBothSidesAndVerifies) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.command(0, client::ShowSafetyNumber{});
    world.command(1, client::ShowSafetyNumber{});
    const auto digits = world.shown<client::SafetyNumber>(0).at(0).digits;
    EXPECT_EQ(digits.size(), 60U);
    EXPECT_EQ(digits, world.shown<client::SafetyNumber>(1).at(0).digits);
    auto wrong = digits;
    wrong[59] = wrong[59] == '0' ? '1' : '0';
    world.command(0, client::Verify{{}, wrong});
    world.command(0, client::Verify{{}, digits});
    const auto verified = world.shown<client::Verified>(0);
    ASSERT_EQ(verified.size(), 2U);
    EXPECT_FALSE(verified[0].matches);
    EXPECT_EQ(verified[0].person.trust, client::Trust::not_verified);
    EXPECT_TRUE(verified[1].matches);
    EXPECT_EQ(verified[1].person.trust, client::Trust::verified);
}

TEST(Conversation, QuittingWaitsUntilEverythingIsOpened) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    for (int i = 0; i < 20; ++i) world.say(0, std::to_string(i));
    world.command(0, client::Quit{10s});
    world.settle(2s);
    ASSERT_TRUE(world.stopped(0).has_value());
    EXPECT_FALSE(world.stopped(0)->why.has_value());
    EXPECT_EQ(world.shown<client::Drained>(0).at(0).undelivered, 0U);
    EXPECT_EQ(world.messages(1).size(), 20U);
}

TEST(Conversation, QuittingWithNobodyThereSaysWhatWasNotDelivered) {
    World world;
    world.start_all({"anna"});
    world.settle();
    world.say(0, "to nobody");
    world.command(0, client::Quit{10s});
    world.run_for(9s);
    EXPECT_FALSE(world.stopped(0).has_value());
    world.run_for(2s);
    ASSERT_TRUE(world.stopped(0).has_value());
    EXPECT_EQ(world.shown<client::Drained>(0).at(0).undelivered, 1U);
}

}  // namespace
}  // namespace parley
