// Each limit at its value and one above (RELAY).
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using enum wire::RefuseReason;

Limits generous() {
    Limits limits;
    limits.joins.burst = 10'000;
    return limits;
}

// What behaviour is tested with smaller ones.
TEST(Memory, has_the_limits_that_operators_are_told) {
    constexpr Limits limits;
    constexpr std::size_t mib = 1U << 20U;
    EXPECT_EQ(limits.out_queue, mib);
    EXPECT_EQ(limits.room_memory, 8 * mib);
    EXPECT_EQ(limits.seat_share, 2 * mib);
    EXPECT_EQ(limits.total_memory, 1024 * mib);
    EXPECT_EQ(limits.no_newcomers_percent, 80U);
    EXPECT_EQ(limits.forget_percent, 95U);
}

TEST(Deadline, of_a_join_is_10_seconds_from_the_connection) {
    Table table;
    const auto in_time = table.connect(), late = table.connect();
    table.pass(10s - 1ns);
    table.say(in_time, table.join_frame(1));
    table.pass(1ns);
    EXPECT_FALSE(table.at(in_time).closed);
    EXPECT_TRUE(table.at(late).refused(too_late));
}

// FAULTS O14
TEST(Deadline, without_a_byte_is_90_seconds) {
    Table table;
    const auto ada = table.join(1);
    table.pass(90s - 1ns);
    table.say(ada, wire::Ping{});
    table.pass(90s - 1ns);
    EXPECT_FALSE(table.at(ada).closed);
    table.pass(1ns);
    EXPECT_TRUE(table.at(ada).refused(too_late));
}

// FAULTS R03
TEST(Deadline, of_a_length_that_has_begun_is_5_seconds) {
    Table table;
    const auto ada = table.join(1);
    table.core.on_bytes(ada, 3, table.now);
    table.pass(5s - 1ns);
    EXPECT_FALSE(table.at(ada).closed);
    table.core.on_bytes(ada, 3, table.now);
    table.pass(1ns);
    EXPECT_TRUE(table.at(ada).refused(too_late)) << "another byte of the same frame wins no time";
}

// FAULTS R04
TEST(Deadline, of_a_frame_that_has_begun_is_30_seconds) {
    Table table;
    const auto ada = table.join(1);
    table.core.on_bytes(ada, 4, table.now);
    table.pass(30s - 1ns);
    EXPECT_FALSE(table.at(ada).closed);
    table.pass(1ns);
    EXPECT_TRUE(table.at(ada).refused(too_late));
}

TEST(Deadline, of_a_frame_starts_anew_with_the_next_frame) {
    Table table;
    const auto ada = table.join(1);
    table.core.on_bytes(ada, 100, table.now);
    table.pass(29s);
    table.say(ada, wire::Ping{});
    table.core.on_bytes(ada, 100, table.now);
    table.pass(29s);
    EXPECT_FALSE(table.at(ada).closed);
    table.core.on_bytes(ada, 0, table.now);
    table.pass(60s);
    EXPECT_FALSE(table.at(ada).closed);
}

TEST(Room, holds_256_seats_and_refuses_the_next) {
    Table table(generous());
    for (std::uint64_t who = 1; who <= 256; ++who) EXPECT_FALSE(table.at(table.join(who)).closed);
    EXPECT_TRUE(table.at(table.join(257)).refused(room_full));
    EXPECT_FALSE(table.at(table.join(1)).closed) << "who has a seat may still resume it";
}

TEST(Room, of_1000_seats_does_not_cut_a_newcomer_for_the_length_of_the_list) {
    auto limits = generous();
    limits.seats_per_room = 1'000;
    Table table(limits);
    const Bytes card(wire::max_card, 7);
    for (std::uint64_t who = 1; who < 1'000; ++who) {
        const auto id = table.join(who);
        table.say(id, wire::Card{{card}});
        table.disconnect(id);
    }
    const auto last = table.connect();
    table.freeze(last);
    table.say(last, table.join_frame(1'000));
    EXPECT_GT(table.waiting_for(last), 1U << 20U);
    EXPECT_FALSE(table.at(last).closed);
    EXPECT_EQ(table.at(last).count<wire::Seat>(), 999U);
}

// FAULTS F09
TEST(Room, takes_a_burst_of_joins_and_then_10_a_second) {
    Table table;
    for (std::uint64_t who = 1; who <= 20; ++who) EXPECT_FALSE(table.at(table.join(who)).closed);
    EXPECT_TRUE(table.at(table.join(21)).refused(too_many));
    table.pass(1s);
    for (std::uint64_t who = 21; who <= 30; ++who) EXPECT_FALSE(table.at(table.join(who)).closed);
    EXPECT_TRUE(table.at(table.join(31)).refused(too_many));
    EXPECT_FALSE(table.at(table.join(1, 2)).closed) << "other rooms are not concerned";
}

// FAULTS F01, F05 in part
TEST(Connections, that_have_not_joined_are_at_most_512) {
    Limits limits;
    limits.not_joined_early = limits.not_joined;
    Table table(limits);
    std::vector<ConnectionId> ids;
    for (int i = 0; i < 512; ++i) EXPECT_FALSE(table.at(ids.emplace_back(table.connect())).closed);
    EXPECT_TRUE(table.at(table.connect()).refused(too_many));
    table.say(ids.front(), table.join_frame(1));
    EXPECT_FALSE(table.at(table.connect()).closed);
    EXPECT_TRUE(table.at(table.connect()).refused(too_many));
    table.disconnect(ids.back());
    EXPECT_FALSE(table.at(table.connect()).closed);
}

TEST(Connections, are_refused_early_at_random_from_128_waiting_on) {
    Table table;
    for (int i = 0; i < 128; ++i) EXPECT_FALSE(table.at(table.connect()).closed);
    int refused = 0;
    for (int i = 0; i < 200; ++i) refused += table.at(table.connect()).closed ? 1 : 0;
    EXPECT_GT(refused, 0);
    EXPECT_LT(refused, 200);
}

TEST(Connections, that_another_loop_hands_over_are_not_refused_for_waiting) {
    Table table;
    for (int i = 0; i < 600; ++i) (void)table.connect();
    const auto id = table.core.on_connect(table.now, Core::Arrival::handed_over);
    table.inboxes[id] = {};
    table.say(id, table.join_frame(1));
    EXPECT_FALSE(table.at(id).closed);
}

/// All of memory that is open to newcomers, exactly.
// FAULTS F08
TEST(Memory, admits_newcomers_up_to_80_percent_and_none_above) {
    Limits limits;
    limits.total_memory = 10 * limits.connection_overhead;
    Table table(limits);
    std::vector<ConnectionId> ids;
    for (int i = 0; i < 9; ++i) ids.push_back(table.connect());
    for (const auto id : ids) EXPECT_FALSE(table.at(id).closed) << "8 are exactly 80 percent";
    EXPECT_TRUE(table.at(table.connect()).refused(no_memory));
    table.say(ids[0], table.join_frame(1));
    EXPECT_TRUE(table.at(ids[0]).refused(no_memory)) << "no new room either";
}

// FAULTS F08
TEST(Memory, of_many_rooms_stays_within_its_budget_and_comes_back) {
    Limits limits;
    limits.total_memory = 1U << 20U;
    Table table(limits);
    std::vector<ConnectionId> ids;
    for (std::uint64_t i = 1; i <= 1'000; ++i) {
        ids.push_back(table.connect());
        table.say(ids.back(), table.join_frame(i, i));
        if (table.at(ids.back()).closed) table.disconnect(ids.back()), ids.pop_back();
    }
    EXPECT_LE(table.core.charged(), limits.total_memory);
    EXPECT_GT(ids.size(), 20U);
    for (const auto id : ids) table.disconnect(id);
    table.pass(600s);
    EXPECT_EQ(table.core.charged(), 0U);
}

}  // namespace
}  // namespace parley::relay::testing
