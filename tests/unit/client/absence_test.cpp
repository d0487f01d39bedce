// Somebody comes back after its grace: what was given up meanwhile is named once, and holds nothing back
// (PROTOCOL 4.2).
#include <gmock/gmock.h>

#include "client/limits.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using test::World;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto given_up = "messages to you were given up while you could not be reached: they will not come";

/// How many messages each of these alarms is about. The relay says besides that it has forgotten something.
std::vector<std::uint64_t> given_up_to(const World& world, std::size_t who) {
    std::vector<std::uint64_t> counts;
    for (const auto& alarm : world.shown<client::Alarm>(who)) {
        if (alarm.kind == AlarmKind::lost_by_relay) continue;
        EXPECT_EQ(alarm.what, given_up);
        counts.push_back(alarm.count);
    }
    return counts;
}

/// Anna and the others, and ben, whose profile keeps his seat for ten minutes.
void begin(World& world, std::initializer_list<std::string> others = {"anna"}) {
    world.start_all(others);
    world.start(world.add({.name = "ben", .keeps_seat = true}));
    world.settle(5s);
}

/// Ben is away for longer than his grace, and everybody says something to him.
void stay_away(World& world, std::size_t ben, std::size_t lines) {
    world.kill(ben);
    world.settle();
    for (std::size_t line = 1; line <= lines; ++line) {
        for (std::size_t who = 0; who < ben; ++who) world.say(who, "lost " + std::to_string(line));
    }
    world.run_for(11min);
}

TEST(Absence, WhatWasGivenUpIsNamedOnceAndHoldsNothingBack) {
    World world;
    begin(world);
    stay_away(world, 1, 3);
    EXPECT_EQ(world.line(0, 1), client::LineState::failed);
    world.restore(1);
    world.settle();
    for (const auto* text : {"one", "two"}) {
        world.say(0, text);
        world.settle();
    }
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
    world.run_for(1min);
    EXPECT_THAT(given_up_to(world, 1), ElementsAre(3));
    EXPECT_THAT(world.alarms(0), IsEmpty());
    EXPECT_EQ(world.line(0, 4), client::LineState::opened);
}

TEST(Absence, IsToldBeforeAnythingElseIsSaid) {
    World world;
    begin(world);
    stay_away(world, 1, 3);
    world.restore(1);
    world.settle();
    EXPECT_THAT(given_up_to(world, 1), ElementsAre(3));
}

TEST(Absence, OfManyTimesLosesWhatWasSaidThenAndNothingElse) {
    World world;
    begin(world);
    for (std::size_t times = 0; times < 3; ++times) {
        stay_away(world, 1, client::max_outstanding);
        world.restore(1);
        world.settle();
        world.say(0, "back " + std::to_string(times));
        world.settle();
    }
    EXPECT_THAT(world.messages(1), ElementsAre("anna: back 0", "anna: back 1", "anna: back 2"));
    EXPECT_THAT(given_up_to(world, 1), ElementsAre(500, 500, 500));
}

TEST(Absence, IsToldAfterTheAuthorHasEndedToo) {
    World world;
    begin(world);
    stay_away(world, 1, 3);
    world.kill(0);
    world.restore(0);
    world.restore(1);
    world.settle();
    world.say(0, "one");
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one"));
    EXPECT_THAT(given_up_to(world, 1), ElementsAre(3));
}

TEST(Absence, OfSomebodyWhoMissedNothingIsNotNamed) {
    World world;
    begin(world);
    stay_away(world, 1, 0);
    world.restore(1);
    world.settle();
    world.say(0, "one");
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one"));
    EXPECT_THAT(given_up_to(world, 1), IsEmpty());
}

/// What the others saw of an author meanwhile was not for who was away: nobody has withheld it.
TEST(Absence, IsNoHoleInWhatTheOthersHaveSeen) {
    World world;
    begin(world, {"anna", "clara"});
    stay_away(world, 2, 2);
    world.say(0, "while he had gone");
    world.settle();
    world.restore(2);
    world.settle();
    world.say(1, "one");
    world.run_for(1min);
    EXPECT_THAT(world.messages(2), ElementsAre("clara: one"));
    EXPECT_THAT(given_up_to(world, 2), ElementsAre(2, 2));  // of anna, and of clara
}

/// What was on its way to somebody who is blocked is given up too.
TEST(Absence, OfABlockedPersonEndsWhenItIsAccepted) {
    World world;
    begin(world);
    world.kill(1);
    world.say(0, "does not come");
    world.settle();
    world.kill_relay();
    world.command(0, client::Block{{"ben"}});
    world.start_relay();
    world.restore(1);
    world.settle(30s);
    world.command(0, client::Accept{{"ben"}});
    world.say(0, "one");
    world.settle();
    EXPECT_THAT(world.messages(1), testing::Contains("anna: one"));
    world.run_for(1min);
    EXPECT_THAT(given_up_to(world, 1), ElementsAre(1));
}

}  // namespace
}  // namespace parley
