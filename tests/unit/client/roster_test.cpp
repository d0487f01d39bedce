// Somebody who writes to other people than we see is named; people who come and go are not mistaken for that
// (PROTOCOL 4.2).
#include <gmock/gmock.h>

#include "client/limits.h"
#include "wire/frames.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using hostile::Passing;
using test::World;
using testing::Contains;
using testing::Not;

/// About whom somebody was told that it writes to a different set of people.
std::vector<std::string> named(const World& world, std::size_t who) {
    std::vector<std::string> names;
    for (const auto& alarm : world.shown<client::Alarm>(who)) {
        if (alarm.kind == AlarmKind::roster_differs) names.push_back(alarm.person->name);
    }
    return names;
}

/// Anna, and ben, whose profile keeps his seat.
constexpr std::size_t anna = 0, ben = 1;
void begin(World& world) {
    world.start_all({"anna"});
    world.start(world.add({.name = "ben", .keeps_seat = true}));
    world.settle(5s);
}

/// Shows ben one seat, anna's, and nobody who joins later.
void hide_newcomers(World& world) {
    const auto is_hidden = [shown = Bytes()](const Passing& frame) mutable {
        if (frame.client != ben || !hostile::of_type(hostile::Direction::to_client, wire::Seat::type)(frame))
            return false;
        const auto seat = to_bytes(ByteView(frame.frame).subspan(1, SeatId::size));
        if (shown.empty()) shown = seat;
        return seat != shown;
    };
    world.set_interceptor(std::make_shared<hostile::Change>(is_hidden, hostile::drop));
}

/// What anna says to three is heard by ben when he is back, and clara has gone.
void expect_ben_to_hear_of_clara_and_be_told_nothing(World& world) {
    world.say(anna, "to ben and clara");
    world.settle();
    world.command(2, client::Quit{});
    world.settle();
    world.restore(ben);
    world.run_for(2min);
    EXPECT_THAT(world.messages(ben), Contains("anna: to ben and clara"));
    EXPECT_THAT(named(world, ben), testing::IsEmpty());
}

TEST(Roster, ThatLeavesOutSomebodyWhomAnotherSeesIsNamedOnceOnBothSides) {
    World world;
    hide_newcomers(world);
    begin(world);
    world.start_all({"clara"});
    world.run_for(client::recovery_time);  // what is on its way may be older than clara's coming
    world.say(anna, "to ben and clara");
    world.say(ben, "to anna");
    world.run_for(client::roster_patience - 1s);
    EXPECT_THAT(named(world, ben), testing::IsEmpty());
    world.run_for(2s);
    EXPECT_THAT(named(world, ben), testing::ElementsAre("anna"));
    EXPECT_THAT(named(world, anna), testing::ElementsAre("ben"));
    world.say(anna, "again");
    world.run_for(2 * client::roster_patience);
    EXPECT_THAT(named(world, ben), testing::ElementsAre("anna"));
}

TEST(Roster, IsNotHiddenByARelayThatEndsTheConnectionEveryMinute) {
    World world;
    hide_newcomers(world);
    begin(world);
    world.start_all({"clara"});
    world.run_for(client::recovery_time);
    for (int minute = 0; minute < 4; ++minute) {
        world.cut(ben);
        world.run_for(20s);
        world.say(anna, "to ben and clara");
        world.run_for(30s);
    }
    EXPECT_THAT(named(world, ben), testing::ElementsAre("anna"));
}

TEST(Roster, OfWhatWasWrittenBeforeSomebodyLeftIsOneThatWasOurs) {
    World world;
    begin(world);
    world.start_all({"clara"});
    world.settle(5s);
    world.kill(ben);
    expect_ben_to_hear_of_clara_and_be_told_nothing(world);
}

TEST(Roster, OfSomebodyWhoHasNotHeardYetThatAnotherLeftIsOneThatWasOurs) {
    World world;
    begin(world);
    world.start_all({"clara"});
    world.settle(5s);
    world.command(2, client::Quit{});
    world.say(anna, "to ben and clara");
    world.run_for(2min);
    EXPECT_THAT(world.messages(ben), Contains("anna: to ben and clara"));
    EXPECT_THAT(named(world, ben), testing::IsEmpty());
}

TEST(Roster, OfWhatWasKeptForUsMayNameThoseWhoCameAndWent) {
    World world;
    begin(world);
    world.kill(ben);
    world.start_all({"clara"});
    world.settle(5s);
    expect_ben_to_hear_of_clara_and_be_told_nothing(world);
}

}  // namespace
}  // namespace parley
