// What two or three people see of a relay, in virtual time.
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using ::testing::ElementsAre;
using enum wire::RefuseReason;
using wire::Presence;

TEST(Relay, delivers_a_post_to_everyone_else_in_one_order) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2), eve = table.join(3);
    table.post(ada, 1, "one");
    table.post(bob, 1, "two");
    table.post(ada, 2, "three");
    EXPECT_THAT(table.at(ada).bodies(), ElementsAre("two"));
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("one", "three"));
    EXPECT_THAT(table.at(eve).bodies(), ElementsAre("one", "two", "three"));
    EXPECT_THAT(table.at(eve).seqs(), ElementsAre(1, 2, 3));
}

TEST(Relay, delivers_a_directed_post_to_that_seat_alone) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2), eve = table.join(3);
    table.post(ada, 1, "for bob", seat(2));
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("for bob"));
    EXPECT_TRUE(table.at(eve).bodies().empty());
    EXPECT_EQ(table.at(bob).last<wire::Deliver>().from, seat(1));
}

TEST(Relay, keeps_rooms_apart) {
    Table table;
    const auto ada = table.join(1, 1), bob = table.join(2, 2);
    table.post(ada, 1, "in room one");
    EXPECT_TRUE(table.at(bob).bodies().empty());
    EXPECT_EQ(table.at(bob).count<wire::Seat>(), 0U);
}

TEST(Relay, welcomes_with_epoch_seat_next_seq_and_limits) {
    Table table;
    const auto ada = table.join(1);
    table.post(ada, 1, "x");
    const auto bob = table.join(2);
    const auto welcome = table.at(bob).last<wire::Welcome>();
    EXPECT_EQ(welcome.epoch, table.epoch(ada));
    EXPECT_EQ(welcome.seat, seat(2));
    EXPECT_EQ(welcome.next_seq, 2U);
    EXPECT_EQ(welcome.max_body, 65'536U);
    EXPECT_EQ(welcome.max_seats, 256U);
    EXPECT_EQ(welcome.grace_seconds, 600U);
}

TEST(Relay, shows_a_newcomer_every_seat_with_its_card) {
    Table table;
    const auto ada = table.join(1);
    table.say(ada, wire::Card{{bytes_of("card of ada")}});
    const auto bob = table.join(2);
    table.disconnect(bob);
    const auto eve = table.join(3);
    const auto seats = table.at(eve).all<wire::Seat>();
    ASSERT_EQ(seats.size(), 2U);
    for (const auto& shown : seats) {
        const bool is_ada = shown.seat == seat(1);
        EXPECT_EQ(shown.presence, is_ada ? Presence::present : Presence::away);
        EXPECT_EQ(shown.card.has_value(), is_ada);
    }
}

TEST(Relay, tells_the_others_who_comes_changes_card_gets_lost_and_leaves) {
    Table table;
    const auto ada = table.join(1);
    auto bob = table.join(2);
    EXPECT_EQ(table.at(ada).last<wire::Seat>(), (wire::Seat{seat(2), Presence::present, {}}));
    table.say(bob, wire::Card{{bytes_of("new")}});
    EXPECT_EQ(table.at(ada).last<wire::Seat>(),
              (wire::Seat{seat(2), Presence::present, wire::SealedCard{bytes_of("new")}}));
    table.disconnect(bob);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::away);
    bob = table.join(2);
    EXPECT_EQ(table.at(ada).last<wire::Seat>(),
              (wire::Seat{seat(2), Presence::present, wire::SealedCard{bytes_of("new")}}));
    table.say(bob, wire::Leave{});
    EXPECT_EQ(table.at(ada).last<wire::Seat>(), (wire::Seat{seat(2), Presence::gone, {}}));
    EXPECT_TRUE(table.at(bob).closed);
}

TEST(Relay, answers_a_ping) {
    Table table;
    const auto ada = table.join(1);
    table.say(ada, wire::Ping{});
    EXPECT_EQ(table.at(ada).count<wire::Pong>(), 1U);
}

TEST(Relay, answers_all_posts_of_a_turn_with_one_cumulative_posted) {
    Table table;
    const auto ada = table.join(1);
    for (std::uint64_t id = 1; id <= 5; ++id) table.core.on_frame(ada, wire::Post{id, {}, {}}, table.now);
    table.end_turn();
    EXPECT_THAT(table.at(ada).all<wire::Posted>(), ElementsAre(wire::Posted{5, 5}));
}

TEST(Relay, answers_a_repeated_post_again_and_does_not_deliver_it_again) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 7, "once");
    table.post(ada, 7, "once");
    table.post(ada, 3, "older");
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("once"));
    EXPECT_THAT(table.at(ada).all<wire::Posted>(),
                ElementsAre(wire::Posted{7, 1}, wire::Posted{7, 1}, wire::Posted{7, 1}));
}

TEST(Relay, accepts_a_first_post_with_the_id_0) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 0, "zero");
    table.post(ada, 0, "zero");
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("zero"));
}

// FAULTS R13
TEST(Relay, accepts_the_last_possible_message_id_and_wraps_nowhere) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    constexpr auto last = std::numeric_limits<std::uint64_t>::max();
    table.post(ada, last - 1, "one before");
    table.post(ada, last, "the last");
    table.post(ada, 0, "wrapped");
    table.post(ada, last, "the last");
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("one before", "the last"));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, last);
}

TEST(Relay, accepts_a_post_to_a_seat_that_nobody_has) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, "into the void", seat(9));
    EXPECT_EQ(table.at(ada).last<wire::Posted>(), (wire::Posted{1, 1}));
    EXPECT_TRUE(table.at(bob).bodies().empty());
    EXPECT_EQ(table.core.payloads(), 0U);
}

// FAULTS O07
TEST(Relay, tells_everyone_of_a_planned_stop) {
    Table table;
    const auto ada = table.join(1);
    const auto silent = table.connect();
    table.core.on_shutdown(1500ms);
    table.end_turn();
    EXPECT_EQ(table.at(ada).last<wire::Restarting>().after_ms, 1500U);
    EXPECT_EQ(table.at(silent).last<wire::Restarting>().after_ms, 1502U) << "as 500 new connections a second allow";
}

TEST(Relay, asks_no_two_to_come_back_in_one_millisecond) {
    Table table({.fresh_in_all = {.per_second = 5'000, .burst = 5'000}});
    table.join(1);
    const auto second = table.connect();
    table.core.on_shutdown(1500ms);
    table.end_turn();
    EXPECT_EQ(table.at(second).last<wire::Restarting>().after_ms, 1501U);
}

// FAULTS O07
TEST(Relay, asks_those_it_tells_to_come_back_one_after_the_other_within_20_s) {
    Table table({.fresh_in_all = {.per_second = 1, .burst = 1}});
    for (std::uint64_t i = 0; i < 22; ++i) table.join(i + 1, i + 1);
    table.core.on_shutdown(500ms);
    table.end_turn();
    EXPECT_EQ(table.at(0).last<wire::Restarting>().after_ms, 500U);
    EXPECT_EQ(table.at(19).last<wire::Restarting>().after_ms, 19'500U);
    EXPECT_EQ(table.at(20).last<wire::Restarting>().after_ms, 500U);
}

// FAULTS O21 in part: nothing is charged and no payload is held when everybody has gone.
TEST(Relay, forgets_everything_when_all_have_left) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.say(ada, wire::Card{{bytes_of("card")}});
    for (std::uint64_t id = 1; id <= 50; ++id) table.post(ada, id, "unread");
    for (const auto id : {ada, bob}) {
        table.say(id, wire::Leave{});
        table.disconnect(id);
    }
    EXPECT_EQ(table.core.rooms(), 0U);
    EXPECT_EQ(table.core.payloads(), 0U);
    EXPECT_EQ(table.core.charged(), 0U);
    table.pass(1s);
    EXPECT_FALSE(table.core.has_stale());
    EXPECT_FALSE(table.core.next_deadline());
}

TEST(Relay, gives_a_room_that_was_reborn_another_epoch) {
    Table table;
    auto ada = table.join(1);
    const auto before = table.epoch(ada);
    table.say(ada, wire::Leave{});
    table.disconnect(ada);
    ada = table.join(1);
    EXPECT_NE(table.epoch(ada), before);
}

TEST(Posted, waits_for_company_and_no_longer_than_its_delay) {
    Table table({}, 5ms);
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, "hello");
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 0U);
    table.post(bob, 1, "hello back");
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 1U) << "it goes with the answer";
    EXPECT_EQ(table.at(bob).count<wire::Posted>(), 0U);
    table.pass(4ms);
    EXPECT_EQ(table.at(bob).count<wire::Posted>(), 0U);
    table.pass(1ms);
    EXPECT_EQ(table.at(bob).last<wire::Posted>().id, 1U);
}

TEST(Posted, does_not_wait_when_its_author_keeps_much_for_it) {
    Limits limits;
    limits.posted_at_once = 10;
    Table table(limits, 25ms);
    const auto ada = table.join(1);
    table.join(2);
    table.post(ada, 1, "123456789");
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 0U);
    table.post(ada, 2, "x");
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 2U);
    table.post(ada, 3, "it counts anew");
    table.post(ada, 4, "x");
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 2U);
}

TEST(Posted, that_waits_is_not_sent_to_a_connection_that_resumed_meanwhile) {
    Table table({}, 5ms);
    auto ada = table.join(1);
    table.join(2);
    const auto epoch = table.epoch(ada);
    table.post(ada, 7, "hello");
    table.disconnect(ada);
    ada = table.resume(1, 1, epoch);
    table.pass(10ms);
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 0U)
        << "it is cumulative, and this one has not repeated what it left open";
}

}  // namespace
}  // namespace parley::relay::testing
