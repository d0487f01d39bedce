// A client that ends at any moment and goes on from what it saved last (PROTOCOL 3.8, FAULTS C13 to C15).
#include <gmock/gmock.h>

#include <set>

#include "client/limits.h"
#include "ratchet/handshake.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Restore, ReadsWhatWasSentMeanwhile) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.say(1, "before");
    world.settle();
    world.kill(1);
    world.say(0, "one");
    world.say(0, "two");
    world.run_for(5min);
    world.restore(1);
    world.settle();
    world.say(1, "thanks");
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
    EXPECT_THAT(world.messages(0), ElementsAre("ben: before", "ben: thanks"));
    EXPECT_THAT(world.alarms(0), IsEmpty());
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

/// What went to the relay and was not confirmed when the process ended is posted again as it was, before anybody has
/// to ask for it.
TEST(Restore, PostsAgainWhatTheRelayHadNotConfirmed) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    const auto is_post = hostile::of_type(hostile::Direction::to_relay, wire::Post::type);
    world.set_interceptor(
        std::make_shared<hostile::Change>(is_post, [](const auto&) { return std::vector<hostile::Passing>{}; }));
    world.record_wire(true);
    world.say(0, "on its way");
    world.run_for(10ms);
    world.kill(0);
    world.set_interceptor(std::make_shared<hostile::Honest>());
    world.restore(0);
    world.run_for(200ms);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: on its way"));
    std::vector<Bytes> posts;
    for (const auto& passing : world.wire()) {
        if (passing.client == 0 && is_post(passing)) posts.push_back(passing.frame);
    }
    ASSERT_GE(posts.size(), 2U);
    EXPECT_EQ(posts[0], posts[1]) << "under its id, so that the relay would know it again";
}

TEST(Restore, KeepsTheSeat) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.kill(1);
    world.restore(1);
    world.settle();
    EXPECT_EQ(world.shown<client::ChannelEstablished>(0).size(), 1U);
    EXPECT_EQ(world.shown<client::PresenceChanged>(0).size(), 2U);  // away, and back
}

TEST(Restore, ShowsWhoIsKnownBeforeTheRelayAnswers) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.kill(1);
    world.kill_relay();
    world.restore(1);
    ASSERT_EQ(world.shown<client::Roster>(1).size(), 1U);
    EXPECT_EQ(world.shown<client::Roster>(1)[0].people[0].name, "anna");
}

TEST(Restore, SaysWhatWasSaidToNobodyYet) {
    World world;
    world.start_all({"anna"});
    world.settle();
    world.say(0, "is anybody there?");
    world.kill(0);
    world.restore(0);
    world.start_all({"ben"});
    world.settle(5s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: is anybody there?"));
}

// FAULTS C14
TEST(Restore, PostsTheStoredBytesWhenTheRelayForgotEverything) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.kill_relay();
    world.say(0, "one");
    world.kill(0);
    world.kill(1);
    world.start_relay();
    world.restore(0);
    world.restore(1);
    world.run_for(30s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one"));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

TEST(Restore, QuittingIsNotALeaveWhereTheSeatIsKept) {
    World world;
    world.start(world.add({.name = "anna"}));
    world.start(world.add({.name = "ben", .keeps_seat = true}));
    world.settle();
    world.command(1, client::Quit{1s});
    world.settle();
    ASSERT_TRUE(world.stopped(1).has_value());
    world.say(0, "while you were out");
    world.settle();
    world.restore(1);
    world.settle();
    EXPECT_THAT(world.messages(1), ElementsAre("anna: while you were out"));
}

TEST(Restore, RemembersASeatThatShowsAnotherKeyThanBefore) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.command(0, client::Block{{"ben"}});
    world.settle();
    world.kill(0);
    world.restore(0);
    world.settle();
    world.say(1, "can you hear me?");
    world.settle();
    EXPECT_THAT(world.messages(0), IsEmpty());
}

// The first handshake, cut at every action of either side: afterwards there is a channel, and no false alarm.
TEST(Restore, FinishesAHandshakeThatItsEndInterrupted) {
    for (const std::size_t who : {0U, 1U}) {
        for (std::size_t actions = 1; actions < 40; ++actions) {
            World world(actions);
            world.add({.name = "anna"});
            world.add({.name = "ben"});
            world.start(0);
            world.start(1);
            world.kill_after(who, actions);
            world.run_for(2s);
            if (world.lives(who)) break;
            world.restore(who);
            world.say(0, "one");
            world.say(1, "two");
            world.run_for(2min);
            EXPECT_THAT(world.messages(1), ElementsAre("anna: one")) << who << " after " << actions;
            EXPECT_THAT(world.messages(0), ElementsAre("ben: two")) << who << " after " << actions;
            EXPECT_THAT(world.alarms(0), IsEmpty()) << who << " after " << actions;
            EXPECT_THAT(world.alarms(1), IsEmpty()) << who << " after " << actions;
        }
    }
}

// FAULTS C15, ATTACKS 10, PROTOCOL 3.9: an old copy is named at the peer, and nothing goes to it until it is accepted.
TEST(Restore, OfAnOldCopyIsNamedAndStopsTheConversationUntilAccepted) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.say(1, "one");
    world.settle();
    const auto old_copy = *world.saved(1);
    world.say(1, "two");
    world.settle();
    world.kill(1);
    world.set_saved(1, old_copy);
    world.restore(1);
    world.say(1, "three");
    world.settle(2s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::rolled_back));
    world.say(0, "this waits");
    world.settle();
    EXPECT_THAT(world.messages(1), Not(Contains("anna: this waits")));
    world.command(0, client::Accept{});
    world.run_for(10s);
    EXPECT_THAT(world.alarms(1), Contains(AlarmKind::restarted));
    EXPECT_THAT(world.messages(1), Not(Contains("anna: this waits")));
    world.command(1, client::Accept{});
    world.run_for(2min);
    EXPECT_THAT(world.messages(0), Contains("ben: three"));
    EXPECT_THAT(world.messages(1), Contains("anna: this waits"));
}

/// As version 2 had it: without the chain that we seal under, and those of the bodies that are stored for ben.
Bytes before_chains_were_counted(ByteView room, std::size_t stored) {
    auto earlier = to_bytes(room.first(room.size() - sizeof(std::uint32_t) * (1 + stored)));
    earlier.front() = 2;
    return earlier;
}

// PROTOCOL 8.1: in which chain a body was sealed is not known, so it is sealed anew.
TEST(Restore, OfARoomWrittenBeforeChainsWereCountedDeliversWhatIsStored) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    world.kill(1);
    world.say(0, "one");
    world.say(0, "two");
    world.run_for(1s);
    world.kill(0);
    auto saved = *world.saved(0);
    saved.room = before_chains_were_counted(saved.room, 2);
    world.set_saved(0, saved);
    world.restore(0);
    world.run_for(1s);
    world.restore(1);
    world.settle(5s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

// PROTOCOL 3.2, 3.9: who sits in its seat and has no session any more says Hello, unless it is the one who initiates.
// The session is asked first, which makes no more than 5 s of it, and what is told is the same.
TEST(Restore, OfACopyFromBeforeTheSessionIsToldSoonAndOnceAndTheConversationGoesOn) {
    constexpr auto lost = "lost its state, or someone copied its key: nothing is sent until you /accept";
    std::set<bool> initiates;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        World world(seed);
        world.start_all({"anna"});
        world.settle();
        const auto before = *world.saved(0);
        world.start_all({"ben"});
        world.settle(5s);
        for (const std::size_t who : {0U, 1U}) world.say(who, "before");
        world.settle();
        initiates.insert(ratchet::initiates(world.identity(0), world.identity(1)));
        world.kill(0);
        world.set_saved(0, before);
        world.restore(0);
        world.run_for(client::hello_delay + client::answer_patience + 1s);
        const auto alarms = world.shown<client::Alarm>(1);
        ASSERT_EQ(alarms.size(), 1U) << seed;
        EXPECT_EQ(alarms[0].what, lost);
        EXPECT_THAT(world.alarms(0), IsEmpty()) << seed;
        world.command(1, client::Accept{});
        for (const std::size_t who : {0U, 1U}) world.say(who, "after");
        world.settle(5s);
        EXPECT_THAT(world.messages(0), ElementsAre("ben: before", "ben: after")) << seed;
        EXPECT_THAT(world.messages(1), ElementsAre("anna: before", "anna: after")) << seed;
    }
    EXPECT_EQ(initiates.size(), 2U) << "both were tried";
}

}  // namespace
}  // namespace parley
