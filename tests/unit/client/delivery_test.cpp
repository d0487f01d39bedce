#include "client/delivery.h"

#include <gmock/gmock.h>

#include <set>

#include "client/connection.h"
#include "client/limits.h"
#include "client/lines.h"
#include "world/random.h"

namespace parley::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Arrival = Incoming::Arrival;

const Time start{std::chrono::hours(1)};

SealedBody body() { return std::make_shared<const Bytes>(Bytes{1, 2, 3}); }

/// Outgoing with `count` contents sealed, their lines counting from 1.
Outgoing sealed(std::size_t count) {
    Outgoing outgoing;
    for (std::size_t i = 1; i <= count; ++i) outgoing.queue({i, std::make_shared<const Bytes>()});
    while (outgoing.next_to_seal()) outgoing.sealed(body(), 0, start);
    return outgoing;
}

TEST(Outgoing, SealsAtMostTheWindow) {
    auto outgoing = sealed(max_outstanding + 10);
    EXPECT_EQ(outgoing.outstanding().size(), max_outstanding);
    EXPECT_FALSE(outgoing.nothing_waits());
    (void)outgoing.acknowledge({1, {}}, start);
    EXPECT_TRUE(outgoing.next_to_seal().has_value());
}

TEST(Outgoing, AnAcknowledgementNamesTheLinesAndTheHoles) {
    auto outgoing = sealed(6);
    const auto result = outgoing.acknowledge({2, {{4, 4}, {6, 6}}}, start);
    EXPECT_THAT(result.opened, ElementsAre(1, 2, 4, 6));
    EXPECT_THAT(result.post_again, ElementsAre(3, 5));
    EXPECT_THAT(outgoing.outstanding(), ElementsAre(3, 5));
}

TEST(Outgoing, DoesNotFillAHoleTwiceInOneRoundTrip) {
    auto outgoing = sealed(2);
    EXPECT_THAT(outgoing.acknowledge({0, {{2, 2}}}, start).post_again, ElementsAre(1));
    (void)outgoing.posted_again(1, start);
    EXPECT_THAT(outgoing.acknowledge({0, {{2, 2}}}, start + 1s).post_again, IsEmpty());
    EXPECT_THAT(outgoing.acknowledge({0, {{2, 2}}}, start + 3s).post_again, ElementsAre(1));
}

TEST(Outgoing, PostsEverythingAgainWhenItIsAsked) {
    auto outgoing = sealed(3);
    EXPECT_THAT(outgoing.acknowledge({1, {}, true}, start).post_again, ElementsAre(2, 3));
}

// FAULTS C14
TEST(Outgoing, PostsTheVerySameBytesAgain) {
    Outgoing outgoing;
    outgoing.queue({1, nullptr});
    const auto bytes = body();
    outgoing.sealed(bytes, 0, start);
    EXPECT_EQ(outgoing.posted_again(1, start), bytes);
}

// PROTOCOL 3.8: a receiver knows the headers of its current chain and of five before it.
TEST(Outgoing, BytesOfTheSixthChainBeforeAreStaleUntilTheyAreSealedAnew) {
    Outgoing outgoing;
    outgoing.queue({1, nullptr});
    outgoing.sealed(body(), 3, start);
    EXPECT_FALSE(outgoing.is_stale(1, 8));
    EXPECT_TRUE(outgoing.is_stale(1, 9));
    const auto anew = body();
    outgoing.sealed_anew(1, anew, 9);
    EXPECT_FALSE(outgoing.is_stale(1, 9));
    EXPECT_EQ(outgoing.posted_again(1, start), anew);
}

TEST(Outgoing, ANewSessionCountsAnewInTheOldOrder) {
    auto outgoing = sealed(3);
    (void)outgoing.acknowledge({1, {}}, start);
    outgoing.restart();
    EXPECT_EQ(outgoing.next_to_seal()->first, 1U);
    EXPECT_EQ(outgoing.next_to_seal()->second.line, 2U);
}

TEST(Outgoing, GivingUpNamesWhatCanNoLongerArrive) {
    auto outgoing = sealed(3);
    outgoing.queue({4, nullptr});
    (void)outgoing.acknowledge({2, {}}, start);
    EXPECT_THAT(outgoing.abandon(), ElementsAre(3, 4));
    EXPECT_TRUE(outgoing.empty());
}

TEST(Outgoing, WhatIsAcknowledgedOrGivenUpIsSettled) {
    auto outgoing = sealed(4);
    EXPECT_EQ(outgoing.settled(), 0U);
    (void)outgoing.acknowledge({1, {{3, 3}}}, start);
    EXPECT_EQ(outgoing.settled(), 1U);  // 2 may still come
    (void)outgoing.abandon();
    EXPECT_EQ(outgoing.settled(), 4U);
    outgoing.queue({5, nullptr});
    EXPECT_EQ(outgoing.next_to_seal()->first, 5U);
    outgoing.restart();
    EXPECT_EQ(outgoing.settled(), 0U);
}

TEST(Incoming, AcknowledgesInOrderAndBeyondHoles) {
    Incoming incoming;
    EXPECT_EQ(incoming.add(1), Arrival::next);
    EXPECT_EQ(incoming.add(3), Arrival::beyond_hole);
    EXPECT_EQ(incoming.add(4), Arrival::beyond_hole);
    EXPECT_EQ(incoming.add(7), Arrival::beyond_hole);
    EXPECT_EQ(incoming.missing(), 3U);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{1, {{3, 4}, {7, 7}}}));
    EXPECT_EQ(incoming.add(2), Arrival::fills_hole);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{4, {{7, 7}}}));
    EXPECT_EQ(incoming.add(6), Arrival::fills_hole);
    EXPECT_EQ(incoming.add(5), Arrival::fills_hole);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{7, {}}));
    EXPECT_FALSE(incoming.has_hole());
}

TEST(Incoming, KnowsWhatItHasHad) {
    Incoming incoming;
    for (const std::uint64_t number : {1U, 3U, 4U}) incoming.add(number);
    for (const std::uint64_t number : {1U, 3U, 4U}) EXPECT_EQ(incoming.add(number), Arrival::repeated);
}

TEST(Incoming, RefusesANumberTooFarAheadAtNoCost) {
    Incoming incoming;
    EXPECT_EQ(incoming.add(max_held), Arrival::beyond_hole);
    EXPECT_EQ(incoming.add(max_held + 1), Arrival::too_far);
    EXPECT_EQ(incoming.add(~std::uint64_t{0}), Arrival::too_far);
}

// FAULTS C10
TEST(Incoming, LearnsOfADroppedTail) {
    Incoming incoming;
    incoming.add(1);
    EXPECT_FALSE(incoming.expect(1));
    EXPECT_TRUE(incoming.expect(3));
    EXPECT_FALSE(incoming.expect(3));  // known by now
    EXPECT_EQ(incoming.missing(), 2U);
    EXPECT_FALSE(incoming.expect(~std::uint64_t{0}));
    incoming.add(2);
    EXPECT_EQ(incoming.add(3), Arrival::fills_hole);
    EXPECT_FALSE(incoming.has_hole());
}

TEST(Incoming, CountsWhatIsGivenUpOnceAndWaitsForItNoMore) {
    Incoming incoming;
    for (const std::uint64_t number : {1U, 3U, 6U, 7U}) incoming.add(number);
    EXPECT_EQ(incoming.settle(1), 0U);
    EXPECT_EQ(incoming.settle(5), 3U);  // 2, 4 and 5
    EXPECT_EQ(incoming.settle(5), 0U);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{7, {}}));
    EXPECT_FALSE(incoming.has_hole());
    EXPECT_EQ(incoming.add(4), Arrival::repeated);
    EXPECT_EQ(incoming.add(8), Arrival::next);
}

TEST(Incoming, LeavesTheHoleBeyondWhatIsGivenUp) {
    Incoming incoming;
    for (const std::uint64_t number : {3U, 4U, 8U}) incoming.add(number);
    EXPECT_EQ(incoming.settle(2), 2U);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{4, {{8, 8}}}));
    EXPECT_EQ(incoming.missing(), 3U);
}

TEST(Incoming, AnAuthorThatGivesUpEverythingHurtsItselfAlone) {
    Incoming incoming;
    incoming.add(2);
    EXPECT_EQ(incoming.settle(~std::uint64_t{0}), ~std::uint64_t{0} - 1);
    EXPECT_EQ(incoming.ack(), (DeliveryAck{~std::uint64_t{0}, {}}));
    EXPECT_FALSE(incoming.has_hole());
    EXPECT_EQ(incoming.missing(), 0U);
    EXPECT_EQ(incoming.add(3), Arrival::repeated);
}

TEST(Incoming, AnswersEveryOrderOfArrivalWithTheSameAcknowledgement) {
    std::vector<std::uint64_t> order{1, 2, 3, 4, 5, 6};
    do {
        Incoming incoming;
        for (const auto number : order) EXPECT_NE(incoming.add(number), Arrival::repeated);
        ASSERT_EQ(incoming.ack(), (DeliveryAck{6, {}}));
    } while (std::ranges::next_permutation(order).found);
}

const IdentityId anna(FixedBytes<16>{1});
const IdentityId ben(FixedBytes<16>{2});

TEST(Lines, AreAsFarAsTheSlowestOfTheirPeople) {
    Lines lines;
    const auto line = lines.add();
    lines.expect(line, anna);
    lines.expect(line, ben);
    EXPECT_EQ(lines.accepted(line, anna), std::nullopt);
    EXPECT_EQ(lines.accepted(line, ben), LineState::accepted);
    EXPECT_EQ(lines.opened(line, anna), std::nullopt);
    EXPECT_EQ(lines.opened(line, ben), LineState::opened);
    EXPECT_EQ(lines.undelivered(), 0U);
}

TEST(Lines, AnAcceptanceTakesNothingBack) {
    Lines lines;
    const auto line = lines.add();
    lines.expect(line, anna);
    lines.expect(line, ben);
    (void)lines.opened(line, anna);
    EXPECT_EQ(lines.accepted(line, anna), std::nullopt);
    (void)lines.accepted(line, ben);
    EXPECT_EQ(lines.opened(line, ben), LineState::opened);
}

TEST(Lines, OneWhoCanNoLongerReceiveItFailsIt) {
    Lines lines;
    const auto line = lines.add();
    lines.expect(line, anna);
    lines.expect(line, ben);
    (void)lines.opened(line, anna);
    EXPECT_EQ(lines.failed(line, ben), LineState::failed);
}

// FAULTS F14
TEST(Connection, WaitsLongerEachTimeAndNeverTooLong) {
    test::SeededRandom random(1);
    Connection connection(random);
    connection.start(start);
    EXPECT_EQ(connection.on_time(start), Connection::Order::connect);
    Duration longest{};
    for (int i = 0; i < 100; ++i) {
        const auto wait = connection.on_lost(start);
        EXPECT_GE(wait, first_retry);
        EXPECT_LE(wait, longest_retry);
        longest = std::max(longest, wait);
    }
    EXPECT_GT(longest, longest_retry / 2);
}

// FAULTS F14: a relay that was killed could tell nobody when to come back.
TEST(Connection, WaitsForATimeOfItsOwnAlreadyAtTheFirstTry) {
    std::set<Duration> waits;
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
        test::SeededRandom random(seed);
        waits.insert(Connection(random).on_lost(start));
    }
    EXPECT_GT(waits.size(), 95U);
    EXPECT_GE(*waits.begin(), first_retry);
    EXPECT_LE(*waits.rbegin(), 2 * first_retry);
    EXPECT_GT(*waits.rbegin() - *waits.begin(), first_retry / 2);
}

TEST(Connection, PingsAfterSilenceAndGivesUpAfterTwoMissedPongs) {
    test::SeededRandom random(1);
    Connection connection(random);
    connection.on_welcome(start);
    EXPECT_EQ(connection.on_time(start + 29s), Connection::Order::nothing);
    EXPECT_EQ(connection.on_time(start + 30s), Connection::Order::ping);
    EXPECT_EQ(connection.on_time(start + 60s), Connection::Order::ping);
    connection.on_pong();
    EXPECT_EQ(connection.on_time(start + 90s), Connection::Order::ping);
    EXPECT_EQ(connection.on_time(start + 120s), Connection::Order::ping);
    EXPECT_EQ(connection.on_time(start + 150s), Connection::Order::give_up);
}

}  // namespace
}  // namespace parley::client
