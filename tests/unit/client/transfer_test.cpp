// Files between whole clients over the real relay core, in virtual time (PROTOCOL 4.3, FAULTS H10, ATTACKS 14, 17).
#include <gmock/gmock.h>

#include "client/chunk.h"
#include "client/file_limits.h"
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
using test::file_of;
using test::is_chunk;
using Room = test::FileRoom;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Transfer, AFileIsOfferedAndArrivesOnceItIsTaken) {
    Room room(1, 10 * chunk_size + 17);
    room.offer();
    const auto offered = room.world.shown<client::FileOffered>(1);
    ASSERT_EQ(offered.size(), 1U);
    EXPECT_EQ(offered[0].file.name, "photo.jpg");
    EXPECT_EQ(offered[0].file.size, room.file.size());
    EXPECT_EQ(offered[0].file.person.name, "anna");
    EXPECT_EQ(room.world.disk(0).chunks_read(), 0U);  // nothing goes out before somebody takes it
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_EQ(room.world.shown<client::FileDone>(1).at(0).path, "/in/photo.jpg");
    EXPECT_EQ(room.world.shown<client::FileDone>(0).at(0).person->name, "r1");
    for (const std::size_t who : {0U, 1U}) EXPECT_THAT(room.world.alarms(who), IsEmpty());
}

TEST(Transfer, FilesOfEverySizeAroundAChunkArrive) {
    for (const auto size : {0UL, 1UL, chunk_size - 1, chunk_size, chunk_size + 1, 2 * chunk_size}) {
        Room room(1, size);
        room.offer();
        room.accept(1);
        EXPECT_TRUE(room.run_until_there(1)) << size;
    }
}

TEST(Transfer, ChunksAreSealedAndPostedOnceForThreeAndForFifteen) {
    for (const std::size_t receivers : {3U, 15U}) {
        Room room(receivers, 40 * chunk_size);
        room.world.record_wire(true);
        room.offer();
        for (std::size_t who = 1; who <= receivers; ++who) room.accept(who);
        room.world.run_for(10s);
        for (std::size_t who = 1; who <= receivers; ++who) EXPECT_TRUE(room.has_it(who)) << who;
        const auto posted = std::ranges::count_if(room.world.wire(), [](const Passing& passing) {
            return passing.direction == Direction::to_relay && is_chunk(passing);
        });
        EXPECT_EQ(room.world.disk(0).chunks_read(), 40U) << "each is read and sealed once";
        EXPECT_EQ(posted, 40) << "and posted once, to all";
    }
}

// Decision 0008: nobody is sent what they did not ask for.
TEST(Transfer, WhoDoesNotTakeItGetsNoChunk) {
    Room room(2, 20 * chunk_size);
    room.world.record_wire(true);
    room.offer();
    room.accept(1);
    room.world.command(2, client::DeclineFile{1});
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_FALSE(room.has_it(2));
    EXPECT_THAT(room.world.wire(), testing::Not(Contains(testing::Truly([](const Passing& passing) {
                    return passing.client == 2 && passing.direction == Direction::to_client && is_chunk(passing);
                }))));
    EXPECT_EQ(room.world.disk(0).chunks_read(), 20U);
    const auto answered = room.world.shown<client::FileAnswered>(0);
    ASSERT_EQ(answered.size(), 2U);
    EXPECT_TRUE(answered[0].accepted);
    EXPECT_FALSE(answered[1].accepted);
}

TEST(Transfer, NoByteOfAFileIsReadableOnTheWire) {
    Room room(1, 5 * chunk_size);
    const std::string magic = "\x89PNG\r\n\x1a\n plaintext magic";
    std::ranges::copy(bytes_of(magic), room.file.begin());
    room.world.disk(0).files["/home/anna/photo.jpg"] = room.file;
    room.world.record_wire(true);
    room.offer();
    room.accept(1);
    ASSERT_TRUE(room.run_until_there(1));
    EXPECT_FALSE(room.world.was_on_the_wire(bytes_of(magic)));
    EXPECT_FALSE(room.world.was_on_the_wire(ByteView(room.file).last(16)));
    EXPECT_FALSE(room.world.was_on_the_wire(bytes_of("photo.jpg")));
}

TEST(Transfer, AtMostEightChunksAreOnTheirWay) {
    Room room(1, 100 * chunk_size);
    std::size_t on_their_way = 0, most = 0;
    room.world.disk(1).hold(false);
    room.offer();
    room.world.set_interceptor(std::make_shared<Change>(is_chunk, [&](Passing passing) {
        if (passing.direction == Direction::to_relay) most = std::max(most, ++on_their_way);
        return std::vector{std::move(passing)};
    }));
    room.accept(1);
    room.world.run_for(5ms);
    room.world.disk(1).hold(true);  // nothing is written any more, so nothing is confirmed
    on_their_way = 0;
    room.world.run_for(3s);
    EXPECT_LE(on_their_way, client::chunk_window);
    room.world.release_disk(1);
    EXPECT_TRUE(room.run_until_there(1));
}

TEST(Transfer, WhatPeopleSayIsNotHeldUpByAFile) {
    Room room(1, 400 * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, chunk_size);
    room.world.say(0, "meanwhile");
    room.world.say(1, "yes?");
    room.world.run_for(20ms);
    EXPECT_THAT(room.world.messages(1), ElementsAre("anna: meanwhile"));
    EXPECT_THAT(room.world.messages(0), ElementsAre("r1: yes?"));
    EXPECT_FALSE(room.has_it(1));
    EXPECT_TRUE(room.run_until_there(1));
}

TEST(Transfer, AReceiverWhoIsCutTwentyTimesGetsIt) {
    Room room(1, 300 * chunk_size);
    room.offer();
    room.accept(1);
    for (int i = 1; i <= 20; ++i) {
        room.run_until_written(1, static_cast<std::uint64_t>(i) * 10 * chunk_size);
        room.world.cut(1);
    }
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_THAT(room.world.alarms(1), IsEmpty());
}

TEST(Transfer, ASenderWhoIsCutTwentyTimesGetsItThrough) {
    Room room(2, 300 * chunk_size);
    room.offer();
    room.accept(1);
    room.accept(2);
    for (int i = 1; i <= 20; ++i) {
        room.run_until_written(1, static_cast<std::uint64_t>(i) * 10 * chunk_size);
        room.world.cut(0);
    }
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_TRUE(room.run_until_there(2));
}

TEST(Transfer, ARelayThatIsKilledFiveTimesLosesNothing) {
    Room room(3, 200 * chunk_size);
    room.offer();
    for (const std::size_t who : {1U, 2U, 3U}) room.accept(who);
    for (int i = 1; i <= 5; ++i) {
        room.run_until_written(1, static_cast<std::uint64_t>(i) * 20 * chunk_size);
        room.world.kill_relay();
        room.world.run_for(2s);
        room.world.start_relay();
    }
    for (const std::size_t who : {1U, 2U, 3U}) EXPECT_TRUE(room.run_until_there(who)) << who;
}

TEST(Transfer, OneOfThreeWhoIsCutAndAwayForAWhileGetsTheRestAndTheOthersDoNotWait) {
    Room room(3, 300 * chunk_size);
    room.offer();
    for (const std::size_t who : {1U, 2U, 3U}) room.accept(who);
    room.run_until_written(3, 50 * chunk_size);
    room.world.kill_relay();
    room.world.start_relay();
    room.world.kill(3);
    EXPECT_TRUE(room.run_until_there(1, 60s));
    EXPECT_TRUE(room.run_until_there(2, 60s));
}

// Who accepts late takes chunks from where the sender is, and the first ones afterwards.
TEST(Transfer, WhoTakesItLateGetsAllOfItAndCostsTheOthersNothing) {
    Room room(2, 200 * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 100 * chunk_size);
    room.accept(2);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_TRUE(room.run_until_there(2));
    EXPECT_LT(room.world.disk(0).chunks_read(), 200U + 120U);
    EXPECT_THAT(room.world.alarms(2), IsEmpty());
}

TEST(Transfer, WhoStandsStillIsNamedAndLeftBehindAndGetsTheRestWhenItGoesOn) {
    Room room(2, 200 * chunk_size);
    room.offer();
    room.accept(1);
    room.accept(2);
    room.run_until_written(1, 10 * chunk_size);
    room.world.disk(2).hold(true);
    room.world.run_for(5s);
    EXPECT_FALSE(room.has_it(1)) << "the slowest sets the pace, for a while";
    EXPECT_TRUE(room.run_until_there(1, 60s));
    const auto left = room.world.shown<client::FileLeftBehind>(0);
    ASSERT_FALSE(left.empty());
    EXPECT_EQ(left[0].person.name, "r2");
    room.world.release_disk(2);
    EXPECT_TRUE(room.run_until_there(2));
}

TEST(Transfer, ARelayThatDropsChunksIsAskedForThemAgain) {
    Room room(1, 50 * chunk_size);
    room.offer();
    std::size_t n = 0;
    room.world.set_interceptor(std::make_shared<Change>(
        [&](const Passing& passing) {
            return passing.direction == Direction::to_client && is_chunk(passing) && ++n % 7 == 0;
        },
        hostile::drop));
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
}

TEST(Transfer, ARelayWithoutMemoryMakesItSlowerOnly) {
    relay::Limits tight;
    tight.seat_share = 3 * 66'000;
    Room room(1, 30 * chunk_size, tight);
    room.offer();
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
}

class DamagedChunk : public testing::TestWithParam<std::size_t> {};

TEST_P(DamagedChunk, IsNamedOrLostAndComesAgain) {
    Room room(1, 20 * chunk_size);
    room.offer();
    const auto attack = std::make_shared<Change>(
        hostile::nth(
            3, [](const Passing& passing) { return passing.direction == Direction::to_client && is_chunk(passing); }),
        hostile::flip_bit((hostile::deliver_body_at + GetParam()) * 8));
    room.world.set_interceptor(attack);
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_EQ(attack->times(), 1U);
    const bool within_the_box = GetParam() >= 17;
    if (within_the_box) EXPECT_THAT(room.world.alarms(1), ElementsAre(AlarmKind::bad_frame));
    else EXPECT_THAT(room.world.alarms(1), IsEmpty());  // it belongs to nothing: counted
    room.world.command(1, client::ListFiles{});
    EXPECT_EQ(room.world.shown<client::FileList>(1).at(0).stray_chunks, within_the_box ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Places, DamagedChunk, testing::Values(1, 9, 16, 17, 40, 70, 1000, 65'535));

TEST(Transfer, ChunksThatAreSwappedOrRepeatedOnTheWayChangeNothing) {
    Room room(1, 40 * chunk_size);
    room.offer();
    std::vector<Passing> held;
    room.world.set_interceptor(std::make_shared<Change>(
        [](const Passing& passing) { return passing.direction == Direction::to_client && is_chunk(passing); },
        [&](Passing passing) {
            held.insert(held.begin(), passing);
            if (held.size() < 3) return std::vector<Passing>{};
            auto all = std::exchange(held, {});
            all.push_back(all[1]);
            return all;
        }));
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
    EXPECT_THAT(room.world.alarms(1), IsEmpty());
}

// Two chunks of one file change places in the relay: each opens at its own place only.
TEST(Transfer, AChunkUnderTheLocatorOfAnotherIsRefused) {
    Room room(1, 20 * chunk_size);
    room.offer();
    Bytes locator;
    const auto attack = std::make_shared<Change>(
        [](const Passing& passing) { return passing.direction == Direction::to_client && is_chunk(passing); },
        [&](Passing passing) {
            const auto at = passing.frame.begin() + hostile::deliver_body_at + 1;
            if (locator.empty()) locator.assign(at, at + 16);
            else if (locator.size() == 16) {
                std::ranges::copy(locator, at);
                locator.push_back(0);
            }
            return std::vector{std::move(passing)};
        });
    room.world.set_interceptor(attack);
    room.accept(1);
    EXPECT_TRUE(room.run_until_there(1));
}

// A member who holds the offer's secret too: its chunks count for nothing.
TEST(Transfer, ChunksFromAnotherSeatThanTheOfferersAreCountedAndNotTaken) {
    Room room(2, 30 * chunk_size);
    std::optional<SeatId> seat_of_r2;
    room.world.set_interceptor(
        std::make_shared<Change>(hostile::of_type(Direction::to_client, wire::Deliver::type), [&](Passing passing) {
            if (passing.client == 1 && !seat_of_r2)
                seat_of_r2 = std::get<wire::Deliver>(*wire::decode_relay(passing.frame)).from;
            return std::vector{std::move(passing)};
        }));
    room.world.say(2, "here I sit");
    room.world.settle();
    ASSERT_THAT(room.world.messages(1), ElementsAre("r2: here I sit"));
    room.offer();
    room.world.set_interceptor(std::make_shared<Change>(
        [](const Passing& passing) {
            return passing.client == 1 && passing.direction == Direction::to_client && is_chunk(passing);
        },
        [&](Passing passing) {
            std::ranges::copy(seat_of_r2->view(), passing.frame.begin() + 1 + 8);
            return std::vector{std::move(passing)};
        }));
    room.accept(1);
    room.world.run_for(5s);
    room.world.command(1, client::ListFiles{});
    EXPECT_GT(room.world.shown<client::FileList>(1).back().stray_chunks, 0U);
    EXPECT_EQ(room.world.disk(1).written(), 0U);
    // From the offerer's own seat the same chunks are taken.
    room.world.set_interceptor(std::make_shared<hostile::Honest>());
    EXPECT_TRUE(room.run_until_there(1));
}

// Ids are random, but who was offered a file knows its id and may be faster with an offer of its own.
TEST(Transfer, AnOfferUnderAnIdThatAnotherUsedDoesNotHideThatOfItsOwner) {
    struct Nobody final : client::Audience {
        bool is_here(const client::IdentityId&) const override { return true; }
        bool is_caught_up() const override { return true; }
        client::Person person(const client::IdentityId& who) const override { return {who, "x", "0000"}; }
        std::size_t posts_for(const std::set<client::IdentityId>& people) const override { return people.size(); }
    } nobody;
    test::SeededRandom random(5);
    client::Transfers transfers(nobody, random);
    client::FileOffer offer{random.id<client::FileId>(),
                            std::make_shared<const client::FileSecret>(random.secret<client::FileSecret>()),
                            1,
                            {},
                            "a"};
    const client::Person mallory{random.id<client::IdentityId>(), "mallory", "0001"};
    const client::Person anna{random.id<client::IdentityId>(), "anna", "0002"};
    for (const auto& from : {mallory, anna, anna}) transfers.on_offer(from, offer);
    EXPECT_EQ(transfers.take_orders(true, Time{}).events.size(), 2U);
}

TEST(Transfer, AFileThatChangesWhileItIsSentStopsAndSaysSo) {
    Room room(1, 200 * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 20 * chunk_size);
    room.world.disk(0).change("/home/anna/photo.jpg");
    room.world.run_for(10s);
    EXPECT_EQ(failure(room.world, 0), "the file changed while it was sent");
    EXPECT_EQ(failure(room.world, 1), "was taken back by who offered it");
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
    EXPECT_THAT(room.world.disk(1).files, IsEmpty());
}

TEST(Transfer, AFullDiskStopsItAndBothAreTold) {
    Room room(2, 100 * chunk_size);
    room.world.disk(1).fill_after(10 * chunk_size);
    room.offer();
    room.accept(1);
    room.accept(2);
    EXPECT_TRUE(room.run_until_there(2));
    EXPECT_EQ(failure(room.world, 1), "the disk is full");
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
    ASSERT_EQ(room.count<client::FileFailed>(0), 1U);
    EXPECT_EQ(room.world.shown<client::FileFailed>(0)[0].person->name, "r1");
}

// FAULTS H10
TEST(Transfer, AFileBeyondWhatTheUserTakesIsRefusedBeforeAnythingIsWritten) {
    World world;
    world.start(world.add({.name = "anna"}));
    world.start(world.add({.name = "ben", .max_file_size = 1000}));
    world.settle();
    world.disk(0).files["/a"] = file_of(1001);
    world.command(0, client::SendFile{"/a"});
    world.settle();
    world.command(1, client::GetFile{1, "/in"});
    world.settle();
    EXPECT_EQ(world.shown<client::Refusal>(1).size(), 1U);
    EXPECT_EQ(world.disk(1).parts(), 0U);
}

TEST(Transfer, StoppedByEitherSideItLeavesNothing) {
    for (const std::size_t who : {0U, 1U}) {
        Room room(1, 100 * chunk_size);
        room.offer();
        room.accept(1);
        room.run_until_written(1, 10 * chunk_size);
        room.world.command(who, client::StopFile{1});
        room.world.settle();
        EXPECT_EQ(room.world.disk(1).parts(), 0U);
        EXPECT_FALSE(room.has_it(1));
        EXPECT_EQ(room.count<client::FileFailed>(0), 1U);
        EXPECT_EQ(room.count<client::FileFailed>(1), 1U);
    }
}

TEST(Transfer, WhenTheOffererLeavesWhatIsNotWholeIsRemoved) {
    Room room(1, 100 * chunk_size);
    room.offer();
    room.accept(1);
    room.run_until_written(1, 10 * chunk_size);
    room.world.command(0, client::Quit{});
    room.world.settle();
    EXPECT_EQ(failure(room.world, 1), "who offered it has left");
    EXPECT_EQ(room.world.disk(1).parts(), 0U);
}

TEST(Transfer, ANewcomerIsOfferedWhatIsMeantForNewcomersAndNothingElse) {
    for (const bool to_newcomers : {false, true}) {
        Room room(1, 5 * chunk_size);
        room.world.command(0, client::SendFile{"/home/anna/photo.jpg", to_newcomers});
        room.world.settle();
        room.world.start_all({"late"});
        room.world.settle(2s);
        EXPECT_EQ(room.count<client::FileOffered>(2), to_newcomers ? 1U : 0U);
        EXPECT_EQ(room.count<client::FileOffered>(1), 1U);
    }
}

TEST(Transfer, TwoFilesInBothDirectionsArriveAtOnce) {
    Room room(1, 60 * chunk_size);
    room.world.disk(1).files["/b"] = file_of(70 * chunk_size + 3, 2);
    room.world.command(0, client::SendFile{"/home/anna/photo.jpg"});
    room.world.command(1, client::SendFile{"/b"});
    room.world.settle();
    room.world.command(0, client::GetFile{2, "/in"});
    room.world.command(1, client::GetFile{2, "/in"});
    room.world.run_for(10s);
    EXPECT_TRUE(room.has_it(1));
    EXPECT_EQ(room.world.disk(0).files["/in/b"], room.world.disk(1).files["/b"]);
}

TEST(Transfer, ANumberOfNoFileIsRefusedInWords) {
    Room room(1, 10);
    for (const auto& command :
         std::vector<client::Command>{client::GetFile{9, {}}, client::DeclineFile{9}, client::StopFile{9}}) {
        room.world.command(0, command);
    }
    EXPECT_EQ(room.count<client::Refusal>(0), 3U);
}

TEST(Transfer, ProgressIsShownAFewTimesASecond) {
    Room room(1, 300 * chunk_size);
    room.offer();
    room.accept(1);
    const auto begun = room.world.now();
    ASSERT_TRUE(room.run_until_there(1));
    const auto shown = room.world.shown<client::FileProgress>(1);
    const auto quarters = static_cast<std::size_t>((room.world.now() - begun) / client::progress_interval);
    EXPECT_LE(shown.size(), quarters + 2);
    EXPECT_EQ(shown.back().done, room.file.size());
}

}  // namespace
}  // namespace parley
