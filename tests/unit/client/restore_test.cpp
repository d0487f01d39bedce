// A client that ends at any moment and goes on from what it saved last (PROTOCOL 3.8, FAULTS C13 to C15).
#include <gmock/gmock.h>

#include <random>

#include "client/limits.h"
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

#if defined(PARLEY_SANITIZED)
constexpr std::uint64_t schedules = 20;
#else
constexpr std::uint64_t schedules = 150;
#endif

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

/// What must hold at the end of a schedule, as one line each.
struct Verdict {
    std::size_t lost = 0;
    std::size_t repeated = 0;   ///< shown again although it was saved in between
    std::size_t unordered = 0;  ///< the first showings of one author's texts
    std::size_t alarms = 0;     ///< about keys and states, which nobody attacked
};

/// Three people talk, crash at random actions, lose connections and relays, and come back.
class Schedule {
public:
    Schedule(std::uint64_t seed, World::Shell shell) : dice_(seed), world_(seed) {
        world_.start_all({"anna", "ben", "clara"});
        world_.run_for(10s);
        world_.set_shell(shell);
    }

    Verdict play() {
        for (int i = 0; i < 60; ++i) {
            act();
            world_.run_for(std::chrono::milliseconds(roll(400)));
        }
        for (std::size_t who = 0; who < people; ++who) {
            world_.let_live(who);
            revive(who);
        }
        if (!world_.relay_runs()) world_.start_relay();
        world_.run_for(3min);
        return verdict();
    }

private:
    static constexpr std::size_t people = 3;

    std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_); }

    void act() {
        const auto who = roll(people);
        switch (roll(10)) {
            case 0:
            case 1: return world_.kill_after(who, roll(12));
            case 2:
            case 3: return revive(who);
            case 4: return world_.cut(who);
            case 5: return toggle_relay();
            default: say(who);
        }
    }
    void revive(std::size_t who) {
        if (!world_.lives(who)) world_.restore(who);
    }
    void toggle_relay() {
        if (roll(3) > 0) return;
        if (world_.relay_runs()) world_.kill_relay();
        else world_.start_relay();
    }
    void say(std::size_t who) {
        if (!world_.lives(who)) return;
        const auto text = std::to_string(++said_count_);
        world_.say(who, text);
        // Whoever died in the middle of it may or may not have said it.
        if (world_.lives(who)) said_.push_back({who, text});
    }

    Verdict verdict() const {
        Verdict verdict;
        for (std::size_t who = 0; who < people; ++who) judge(who, verdict);
        return verdict;
    }
    void judge(std::size_t reader, Verdict& verdict) const {
        const auto shown = world_.messages(reader);
        for (const auto& [author, text] : said_) {
            const auto whole = names[author] + ": " + text;
            if (author != reader && std::ranges::count(shown, whole) == 0) ++verdict.lost;
        }
        const auto& excused = world_.may_come_again(reader);
        std::map<std::string, int> newest;
        for (auto it = shown.begin(); it != shown.end(); ++it) {
            const bool first = std::find(shown.begin(), it, *it) == it;
            if (!first) continue;
            if (std::ranges::count(shown, *it) > 1 + std::ranges::count(excused, *it)) ++verdict.repeated;
            const auto number = std::stoi(it->substr(it->find(' ')));
            auto& last = newest[it->substr(0, it->find(':'))];
            if (number < last) ++verdict.unordered;
            last = std::max(last, number);
        }
        for (const auto alarm : world_.alarms(reader)) {
            const bool about_delivery = alarm == AlarmKind::unacknowledged || alarm == AlarmKind::missing;
            if (!about_delivery) ++verdict.alarms;
        }
    }

    struct Said {
        std::size_t author;
        std::string text;
    };
    const std::vector<std::string> names{"anna", "ben", "clara"};
    std::mt19937_64 dice_;
    World world_;
    std::vector<Said> said_;
    int said_count_ = 0;
};

Verdict over_all(World::Shell shell, std::uint64_t count) {
    Verdict sum;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        const auto one = Schedule(seed, shell).play();
        sum.lost += one.lost;
        sum.repeated += one.repeated;
        sum.unordered += one.unordered;
        sum.alarms += one.alarms;
        const bool clean = one.lost + one.repeated + one.unordered + one.alarms == 0;
        if (shell == World::Shell::honest && !clean) {
            ADD_FAILURE() << "seed " << seed << ": lost " << one.lost << ", repeated " << one.repeated << ", unordered "
                          << one.unordered << ", alarms " << one.alarms;
        }
    }
    return sum;
}

TEST(Restore, LosesNothingWhereverItEnds) { over_all(World::Shell::honest, schedules); }

// What was sent before it was saved is sealed again to something else, and the peer names that.
TEST(Restore, TwinThatSavesAfterItSendsIsCaught) { EXPECT_GT(over_all(World::Shell::saves_last, 20).alarms, 0U); }

TEST(Restore, TwinThatShowsAfterItSavesLoses) { EXPECT_GT(over_all(World::Shell::shows_last, 40).lost, 0U); }

// FAULTS C15, PROTOCOL 3.9: an old copy is named at the peer, and nothing goes to it until it is accepted.
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

}  // namespace
}  // namespace parley
