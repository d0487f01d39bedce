// Attacks by people whom the relay makes up, and by lies about who is there (ATTACKS 3, 7, 8, 17; FAULTS C05, C25).
#include "unit/hostile/stage.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using test::Stage;
using testing::IsEmpty;

constexpr auto no_invitation = "someone is here without this room's invitation, or a card was changed on the way";
constexpr auto another_key = "this seat shows another key than before: it is not the same person";

std::string digits(Stage& stage, std::size_t who) {
    stage.world.command(who, client::ShowSafetyNumber{});
    return stage.world.shown<client::SafetyNumber>(who).back().digits;
}

/// The relay shows everybody's seat anew.
void reconnect_all(Stage& stage) {
    for (std::size_t who = 0; who < stage.people(); ++who) stage.world.cut(who);
    stage.world.run_for(30s);
}

// ATTACKS 3
TEST(EvilPeople, SwappedCardsDoNotOpenInAnInvitedRoom) {
    Stage stage({.attack = "swap-card"});
    stage.talk(2);
    stage.world.run_for(60s);
    for (const std::size_t who : {0U, 1U}) {
        EXPECT_TRUE(stage.told(who, AlarmKind::bad_card, no_invitation));
        EXPECT_EQ(stage.channels(who), 0U);
    }
    stage.end_attack();
    reconnect_all(stage);
    EXPECT_TRUE(stage.is_in_order(0) && stage.is_in_order(1));
}

/// THREATS: in the lobby a relay can sit in between two people who do not compare safety numbers.
// FAULTS C05
TEST(EvilPeople, InTheLobbyWhoeverSitsInBetweenHasOtherSafetyNumbers) {
    Stage stage({.attack = "swap-card", .room = Stage::Room::lobby});
    stage.talk(2);
    stage.world.run_for(5s);
    EXPECT_TRUE(stage.is_in_order(0) && stage.is_in_order(1)) << "the attacker hands on what it reads";
    const auto of_anna = digits(stage, 0);
    EXPECT_NE(of_anna, digits(stage, 1));
    stage.world.command(1, client::Verify{{}, of_anna});
    EXPECT_FALSE(stage.world.shown<client::Verified>(1).back().matches);
    EXPECT_EQ(stage.world.shown<client::ChannelEstablished>(0).back().person.trust, client::Trust::not_verified);
}

/// Ben has shown his card, and answers nobody yet.
std::size_t add_a_sleeper(Stage& stage) {
    const auto ben = stage.world.add({.name = "ben", .room_secret = to_bytes(identity::lobby_secret().reveal())});
    stage.world.record_wire(true);
    stage.world.start(ben);
    const auto is_his_card = [&](const auto& frame) { return frame.client == ben && hostile::is<wire::Card>(frame); };
    while (std::ranges::none_of(stage.world.wire(), is_his_card)) stage.world.run_for(1ms);
    stage.world.fall_asleep(ben);
    return ben;
}

TEST(EvilPeople, InTheLobbyWhatWasSaidBeforeTheOtherSideAnsweredIsHandedOnToo) {
    Stage stage({.attack = "swap-card", .room = Stage::Room::lobby, .people = {"anna"}});
    const auto ben = add_a_sleeper(stage);
    stage.world.run_for(1s);
    ASSERT_EQ(stage.channels(0), 1U);
    stage.say(0, "early");
    stage.world.run_for(1s);
    stage.world.wake_up(ben);
    stage.world.run_for(5s);
    EXPECT_THAT(stage.world.messages(ben), testing::ElementsAre("anna: early"));
}

TEST(EvilPeople, TwinInTheLobbyOnAnHonestWireTheNumbersAreTheSame) {
    Stage stage({.attack = "swap-card", .wire = Stage::Wire::honest, .room = Stage::Room::lobby});
    const auto of_anna = digits(stage, 0);
    EXPECT_EQ(of_anna, digits(stage, 1));
    stage.world.command(1, client::Verify{{}, of_anna});
    EXPECT_TRUE(stage.world.shown<client::Verified>(1).back().matches);
}

// ATTACKS 7
TEST(EvilPeople, WhoeverSatInBetweenIsNamedWhenTheTrueCardsAreShown) {
    Stage stage({.attack = "swap-card", .room = Stage::Room::lobby});
    stage.end_attack();
    reconnect_all(stage);
    EXPECT_TRUE(stage.told(0, AlarmKind::key_changed, another_key));
    EXPECT_TRUE(stage.told(1, AlarmKind::key_changed, another_key));
    EXPECT_EQ(stage.channels(0), 1U) << "a person decides";
    stage.world.command(0, client::Accept{{"ben"}});
    stage.world.command(1, client::Accept{{"anna"}});
    stage.world.run_for(30s);
    EXPECT_EQ(digits(stage, 0), digits(stage, 1));
}

// FAULTS C25, ATTACKS 8
TEST(EvilPeople, AGhostWithoutTheInvitationIsNamedAndHearsNothing) {
    Stage stage({.attack = "ghost-seat"});
    stage.talk(3);
    stage.world.run_for(60s);
    for (const std::size_t who : {0U, 1U}) {
        EXPECT_TRUE(stage.told(who, AlarmKind::bad_card, no_invitation));
        EXPECT_EQ(stage.channels(who), 1U);
    }
    EXPECT_EQ(stage.deeds().size(), 2U) << "nothing was posted to the ghost";
    EXPECT_TRUE(stage.is_in_order(0) && stage.is_in_order(1));
}

TEST(EvilPeople, InTheLobbyAGhostIsOneMorePersonWhoIsNotVerified) {
    Stage stage({.attack = "ghost-seat", .room = Stage::Room::lobby});
    stage.talk(3);
    stage.world.run_for(60s);
    const auto channels = stage.world.shown<client::ChannelEstablished>(0);
    ASSERT_EQ(channels.size(), 2U);
    for (const auto& channel : channels) EXPECT_EQ(channel.person.trust, client::Trust::not_verified);
    EXPECT_TRUE(stage.is_in_order(0) && stage.is_in_order(1));
}

class EvilPeopleTwin : public testing::TestWithParam<std::string_view> {};

TEST_P(EvilPeopleTwin, OnAnHonestWireNobodyIsNamed) {
    Stage stage({.attack = GetParam(), .wire = Stage::Wire::honest});
    stage.talk(3);
    stage.world.run_for(60s);
    EXPECT_THAT(stage.world.alarms(0), IsEmpty());
    EXPECT_THAT(stage.world.alarms(1), IsEmpty());
    EXPECT_THAT(stage.world.shown<client::PresenceChanged>(0), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Honest, EvilPeopleTwin, testing::Values("swap-card", "ghost-seat", "lie-about-presence"),
                         [](const auto& each) {
                             std::string name(each.param);
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

// FAULTS C25
TEST(EvilPeople, LiesAboutPresenceLoseNothingInSilence) {
    for (const std::uint64_t seed : {1U, 2U}) {
        Stage stage({.attack = "lie-about-presence", .seed = seed});
        stage.talk(6);
        stage.world.run_for(60s);
        EXPECT_TRUE(stage.nothing_is_forged_or_shown_twice());
        for (const std::size_t who : {0U, 1U}) {
            const auto changes = stage.world.shown<client::PresenceChanged>(who);
            EXPECT_THAT(changes, testing::Not(IsEmpty()));
        }
        // Whoever was said to have left did not read it: that is told for every line that did not arrive.
        for (const std::size_t who : {0U, 1U}) {
            const auto arrived = stage.world.messages(1 - who).size();
            std::size_t failed = 0;
            for (client::LineNumber line = 1; line <= 6; ++line) {
                failed += stage.world.line(who, line) == client::LineState::failed ? 1U : 0U;
            }
            EXPECT_GE(arrived + failed, 6U) << "seed " << seed << " who " << who;
        }
        stage.end_attack();
        stage.world.run_for(60s);
        stage.say(0, "after it");
        stage.say(1, "after it too");
        stage.world.run_for(5s);
        EXPECT_EQ(stage.world.messages(1).back(), "anna: after it");
        EXPECT_EQ(stage.world.messages(0).back(), "ben: after it too");
    }
}

}  // namespace
}  // namespace parley
