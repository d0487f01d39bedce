// Files that go on after processes ended, from what they saved (PROTOCOL 4.3, 8.1; FAULTS C14).
#include <gmock/gmock.h>

#include <random>

#include "client/limits.h"
#include "wire/codec.h"
#include "world/file_room.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using client::chunk_size;
using hostile::Change;
using hostile::Direction;
using hostile::Passing;
using test::failure;
using test::is_chunk;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t chunks = 200;

/// Anna sends, r1 takes it; both have profiles.
struct Room : test::FileRoom {
    explicit Room(std::size_t size = chunks * chunk_size, std::size_t receivers = 1, std::uint64_t seed = 7)
        : FileRoom(receivers, size, {}, Keeping::profiles, seed) {
        world.set_interceptor(std::make_shared<Change>(
            [](const Passing& passing) { return passing.direction == Direction::to_relay && is_chunk(passing); },
            [this](Passing passing) {
                ++posted;
                return std::vector{std::move(passing)};
            }));
    }
    void begin() {
        offer();
        accept(1);
    }
    void end_and_return(std::size_t who) {
        world.kill(who);
        world.run_for(100ms);
        world.restore(who);
    }
    /// Offers that waited for an answer of this person.
    std::size_t questions(std::size_t who) const {
        const auto offers = world.shown<client::FileOffered>(who);
        return static_cast<std::size_t>(
            std::ranges::count_if(offers, [](const client::FileOffered& offer) { return !offer.resumed; }));
    }
    void expect_no_alarm() const {
        for (const std::size_t who : {0U, 1U}) EXPECT_THAT(world.alarms(who), IsEmpty()) << who;
    }

    std::size_t posted = 0;  ///< chunks
};

/// The chunks that were on their way or ahead of it when somebody ended go out again, and no others.
constexpr std::size_t again_per_end = client::chunk_window;

TEST(TransferResume, GoesOnWhereverTheReceiverEnds) {
    Room room;
    room.begin();
    for (std::size_t i = 1; i <= 10; ++i) {
        room.run_until_written(1, i * 15 * chunk_size);
        room.end_and_return(1);
    }
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_EQ(room.questions(1), 1U) << "nobody is asked again";
    EXPECT_EQ(room.posted, chunks) << "the relay kept what was on its way, though the disk read the part first";
    EXPECT_EQ(room.count<client::FileDone>(0), 1U);
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
    room.expect_no_alarm();
}

/// How many chunks are posted when this one's connection is cut ten times.
std::size_t posted_through_cuts(std::size_t who) {
    Room room;
    room.begin();
    for (std::size_t i = 1; i <= 10; ++i) {
        room.run_until_written(1, i * 15 * chunk_size);
        room.world.cut(who);
    }
    EXPECT_TRUE(room.run_until_there(1));
    room.expect_no_alarm();
    return room.posted;
}

TEST(TransferResume, ThatAFileIsTakenIsSavedAtOnce) {
    Room room;
    room.offer();
    const auto before = room.world.saves(1);
    room.accept(1);
    EXPECT_GT(room.world.saves(1), before);
}

TEST(TransferResume, AFileThatWasBeingReadBeforeItsOfferIsStillOurs) {
    Room room;
    room.world.disk(0).hold(true);
    room.offer();
    room.end_and_return(0);
    room.world.command(0, client::ListFiles{});
    const auto lists = room.world.shown<client::FileList>(0);
    ASSERT_EQ(lists.at(0).files.size(), 1U);
    EXPECT_TRUE(lists[0].files[0].progress.file.ours);
}

TEST(TransferResume, AConnectionThatIsCutCostsNoMoreThanWhatWasNotConfirmed) {
    EXPECT_EQ(posted_through_cuts(1), chunks) << "what the relay kept for the receiver is not posted again";
    EXPECT_LE(posted_through_cuts(0), chunks + 10 * again_per_end) << "what the relay has not confirmed is";
}

TEST(TransferResume, GoesOnWhereverTheSenderEnds) {
    Room room;
    room.begin();
    for (std::size_t i = 1; i <= 10; ++i) {
        room.run_until_written(1, i * 15 * chunk_size);
        room.end_and_return(0);
    }
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_LE(room.posted, chunks + 10 * again_per_end);
    EXPECT_EQ(room.count<client::FileDone>(0), 1U);
    EXPECT_EQ(room.questions(1), 1U);
    room.expect_no_alarm();
}

TEST(TransferResume, GoesOnWhenBothEndAndTheRelayToo) {
    Room room;
    room.begin();
    for (std::size_t i = 1; i <= 8; ++i) {
        room.run_until_written(1, i * 20 * chunk_size);
        for (const std::size_t who : {0U, 1U}) room.world.kill(who);
        if (i % 2 == 0) {
            room.world.kill_relay();
            room.world.start_relay();
        }
        room.world.run_for(1h);
        for (const std::size_t who : {i % 2, 1 - i % 2}) room.world.restore(who);
    }
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_LE(room.posted, chunks + 8 * again_per_end);
    room.expect_no_alarm();
}

TEST(TransferResume, OneOfThreeEndsAndTheOthersGoOn) {
    Room room(chunks * chunk_size, 3);
    room.offer();
    for (const std::size_t who : {1U, 2U, 3U}) room.accept(who);
    room.run_until_written(2, 50 * chunk_size);
    room.world.kill(2);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_TRUE(room.run_until_there(3));
    room.world.restore(2);
    EXPECT_TRUE(room.run_until_there(2));
    EXPECT_EQ(room.count<client::FileDone>(0), 3U);
}

TEST(TransferResume, AnOfferThatWaitsIsStillThere) {
    Room room;
    room.offer();
    room.end_and_return(1);
    room.world.settle();
    EXPECT_EQ(room.questions(1), 2U);
    room.end_and_return(0);
    room.world.settle();
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
}

TEST(TransferResume, AFileThatWasBeingReadForItsHashIsOfferedByTheNextRun) {
    Room room;
    room.world.disk(0).hold(true);
    room.world.command(0, client::SendFile{"/home/anna/photo.jpg"});
    room.world.kill(0);
    room.world.disk(0).hold(false);
    room.world.restore(0);
    room.world.settle();
    EXPECT_EQ(room.questions(1), 1U);
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
}

TEST(TransferResume, WhoSendsTheSameFileAgainGoesOnWithItIfToldTo) {
    Room room;
    room.begin();
    room.run_until_written(1, 20 * chunk_size);
    room.end_and_return(0);
    room.world.command(0, client::SendFile{"/home/anna/photo.jpg", true, true});
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_EQ(room.questions(1), 1U);
    room.world.command(0, client::SendFile{"/home/anna/photo.jpg", true, true});
    room.world.settle();
    EXPECT_EQ(room.questions(1), 2U) << "what came to its end is offered anew";
}

TEST(TransferResume, AFileThatChangedMeanwhileStopsAndBothAreTold) {
    Room room;
    room.begin();
    room.run_until_written(1, 20 * chunk_size);
    room.world.kill(0);
    room.world.disk(0).change("/home/anna/photo.jpg");
    room.world.restore(0);
    room.world.settle();
    EXPECT_EQ(failure(room.world, 0), "the file changed since it was offered: offer it again");
    EXPECT_EQ(failure(room.world, 1), "was taken back by who offered it");
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
    EXPECT_THAT(room.world.disk(1).files, IsEmpty());
}

TEST(TransferResume, AFileThatIsGoneStopsAndBothAreTold) {
    Room room;
    room.begin();
    room.run_until_written(1, 20 * chunk_size);
    room.world.kill(0);
    room.world.disk(0).files.clear();
    room.world.restore(0);
    room.world.settle();
    EXPECT_EQ(failure(room.world, 0), "no such file");
    EXPECT_EQ(failure(room.world, 1), "was taken back by who offered it");
}

TEST(TransferResume, WhatWasLostOfThePartComesAgainAndNoMore) {
    for (const std::size_t left : {0U, 1U, 30U}) {
        Room room;
        room.begin();
        room.run_until_written(1, 80 * chunk_size);
        room.world.kill(1);
        if (left == 0) room.world.disk(1).remove_left();
        else room.world.disk(1).shorten_left(left * chunk_size);
        room.world.run_for(100ms);
        room.posted = 0;
        room.world.restore(1);
        EXPECT_TRUE(room.run_until_there(1)) << left;
        EXPECT_EQ(room.posted, chunks - left - client::chunk_window) << left << ", and those that the relay kept";
        room.expect_no_alarm();
    }
}

// The file got its name, and the process ended before it could say so.
TEST(TransferResume, AFileThatWasWholeAlreadyIsFoundUnderItsName) {
    Room room(3 * chunk_size);
    room.begin();
    for (std::size_t actions = 1; !room.has_it(1); ++actions) {
        room.world.kill_after(1, actions);
        room.world.run_for(3s);
        if (!room.world.lives(1)) room.world.restore(1);
    }
    room.world.let_live(1);
    const auto before = room.world.saved(1);
    ASSERT_TRUE(before);
    room.world.settle(2s);
    EXPECT_EQ(room.world.disk(1).files.size(), 1U);
    EXPECT_EQ(room.count<client::FileDone>(0), 1U);
}

TEST(TransferResume, WhatCameToItsEndIsNoNewsWhenItIsSaidAgainForOthers) {
    Room room(5 * chunk_size, 2);
    room.world.command(0, client::SendFile{"/home/anna/photo.jpg", true});
    room.world.settle();
    room.accept(1);
    room.world.command(2, client::DeclineFile{1});
    EXPECT_TRUE(room.run_until_there(1));
    for (const std::size_t who : {1U, 2U}) room.end_and_return(who);
    room.world.start_all({"late"});
    room.world.settle(2s);
    EXPECT_EQ(room.questions(3), 1U);
    EXPECT_EQ(room.questions(1), 1U);
    EXPECT_EQ(room.questions(2), 1U);
}

TEST(TransferResume, WithoutAProfileNothingOfAFileLasts) {
    test::FileRoom room(1, chunks * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 20 * chunk_size);
    room.world.kill(1);
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
}

TEST(TransferResume, AProfileThatIsMadeInTheMiddleKeepsWhatCame) {
    test::FileRoom room(1, 3 * chunks * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 50 * chunk_size);
    const auto saves = room.world.saves(1);
    room.world.client(1).keep_seat(client::wanted_grace_with_profile, room.world.now());
    room.world.command(1, client::ListFiles{});
    EXPECT_GT(room.world.saves(1), saves) << "before anything else happens";
    room.world.run_for(10ms);
    const auto written = room.world.disk(1).written();
    room.world.kill(1);
    EXPECT_EQ(room.world.disk(1).parts(), 1U);
    room.world.restore(1);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_LT(room.world.disk(1).written(), room.file.size() + written);
}

TEST(TransferResume, WhoWithdrawsTakesBackWhatNobodyTakes) {
    Room room(chunks * chunk_size, 2);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 10 * chunk_size);
    room.world.command(0, client::WithdrawOffers{});
    EXPECT_TRUE(room.run_until_there(1)) << "it is taken";
    room.world.command(0, client::WithdrawOffers{});
    room.world.settle();
    EXPECT_EQ(failure(room.world, 2), "was taken back by who offered it");
    EXPECT_EQ(room.count<client::FileFailed>(0), 0U);
}

// A save with its fsync takes as long as a hundred chunks.
TEST(TransferResume, AStateIsSavedOnceForHundredsOfChunks) {
    Room room(1000 * chunk_size, 2);
    room.offer();
    for (const std::size_t who : {1U, 2U}) room.accept(who);
    room.run_until_written(1, 10 * chunk_size);
    std::vector<std::size_t> before;
    for (const std::size_t who : {0U, 1U, 2U}) before.push_back(room.world.saves(who));
    room.run_until_written(1, 900 * chunk_size);
    for (const std::size_t who : {0U, 1U, 2U}) EXPECT_LE(room.world.saves(who) - before[who], 10U) << who;
    EXPECT_TRUE(room.run_until_there(1));
}

/// Ends either side at random actions, all through a transfer, with a relay and connections that fail too.
class Schedule {
public:
    Schedule(std::uint64_t seed, World::Shell shell) : dice_(seed), room_(120 * chunk_size, 2, seed) {
        room_.begin();
        room_.accept(2);
        room_.world.run_for(20ms);
        room_.world.set_shell(shell);
    }

    void play() {
        for (int i = 0; i < 12; ++i) {
            act();
            room_.world.run_for(std::chrono::milliseconds(roll(60)));
        }
        for (const std::size_t who : {0U, 1U, 2U}) {
            room_.world.let_live(who);
            revive(who);
        }
        room_.world.run_for(90s);
    }
    bool arrived() { return room_.has_it(1) && room_.has_it(2); }
    std::vector<AlarmKind> alarms() const {
        std::vector<AlarmKind> all;
        for (const std::size_t who : {0U, 1U, 2U}) std::ranges::copy(room_.world.alarms(who), std::back_inserter(all));
        return all;
    }
    Room& room() { return room_; }

private:
    std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_); }
    void act() {
        const auto who = roll(3);
        switch (roll(4)) {
            case 0: return room_.world.cut(who);
            case 1: return revive(who);
            default: return room_.world.kill_after(who, roll(30));
        }
    }
    void revive(std::size_t who) {
        if (!room_.world.lives(who)) room_.world.restore(who);
    }

    std::mt19937_64 dice_;
    Room room_;
};

TEST(TransferResume, ArrivesWholeAndWithoutAlarmWhereverItIsInterrupted) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Schedule schedule(seed, World::Shell::honest);
        schedule.play();
        EXPECT_TRUE(schedule.arrived()) << seed;
        EXPECT_THAT(schedule.alarms(), IsEmpty()) << seed;
        EXPECT_EQ(schedule.room().world.disk(1).parts(), 0U) << seed;
    }
}

// PROTOCOL 3.8: keys that were reserved may be used without a save, and no others.
TEST(TransferResume, TwinThatUsesKeysItDidNotReserveIsCaught) {
    std::size_t caught = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Schedule schedule(seed, World::Shell::saves_seldom);
        schedule.play();
        caught += static_cast<std::size_t>(std::ranges::count(schedule.alarms(), AlarmKind::rolled_back));
    }
    EXPECT_GT(caught, 0U);
}

}  // namespace
}  // namespace parley
