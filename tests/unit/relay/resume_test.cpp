// Connections are lost and come back: nothing accepted is lost, and what is gone is said.
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum wire::RefuseReason;
using wire::Presence;

/// Bob has got one, two and three, has acknowledged one, and is away when four comes.
class Resume : public ::testing::Test {
protected:
    Resume() {
        table.post(ada, 1, "one");
        table.post(ada, 2, "two");
        table.post(ada, 3, "three");
        table.say(bob, wire::Ack{1});
        table.disconnect(bob);
        table.post(ada, 4, "four");
    }

    Table table;
    ConnectionId ada = table.join(1);
    ConnectionId bob = table.join(2);
    RoomEpoch epoch = table.epoch(bob);
};

TEST_F(Resume, with_a_resume_point_delivers_what_lies_above_it) {
    bob = table.resume(2, 2, epoch);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("three", "four"));
    EXPECT_EQ(table.at(bob).count<wire::Gap>(), 0U);
}

TEST_F(Resume, without_a_resume_point_delivers_everything_unacknowledged) {
    bob = table.join(2);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("two", "three", "four"));
}

/// The Welcome of the first connection was lost on its way, and of the second one only the Welcome came.
TEST_F(Resume, whose_first_welcome_was_lost_goes_on_at_what_came_since) {
    bob = table.join(2);
    const auto welcome = table.at(bob).last<wire::Welcome>();
    EXPECT_EQ(welcome.next_seq, 2U);
    table.disconnect(bob);
    bob = table.resume(2, welcome.next_seq - 1, epoch);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("two", "three", "four"));
}

TEST_F(Resume, from_a_foreign_epoch_counts_as_none) {
    bob = table.resume(2, 3, id_of<RoomEpoch>(77));
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("two", "three", "four"));
}

TEST_F(Resume, from_below_the_last_ack_does_not_bring_back_what_was_acknowledged) {
    bob = table.resume(2, 0, epoch);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("two", "three", "four"));
}

TEST_F(Resume, from_beyond_the_last_delivered_loses_nothing_that_was_never_delivered) {
    bob = table.resume(2, std::numeric_limits<std::uint64_t>::max(), epoch);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("four"));
}

TEST_F(Resume, delivers_again_and_again_until_it_is_acknowledged) {
    for (int i = 0; i < 3; ++i) {
        bob = table.resume(2, 2, epoch);
        EXPECT_THAT(table.at(bob).bodies(), ElementsAre("three", "four"));
        table.disconnect(bob);
    }
    bob = table.resume(2, 4, epoch);
    EXPECT_THAT(table.at(bob).bodies(), IsEmpty());
    EXPECT_EQ(table.core.payloads(), 0U);
}

TEST_F(Resume, goes_on_with_what_comes_after_in_order) {
    bob = table.resume(2, 3, epoch);
    table.post(ada, 5, "five");
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("four", "five"));
    table.say(bob, wire::Ack{5});
    EXPECT_EQ(table.core.payloads(), 0U);
}

TEST_F(Resume, knows_which_posts_it_had_accepted_before) {
    table.disconnect(ada);
    bob = table.resume(2, 3, epoch);
    ada = table.join(1);
    table.post(ada, 4, "four");
    table.post(ada, 5, "five");
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("four", "five"));
    EXPECT_THAT(table.at(ada).all<wire::Posted>(), ElementsAre(wire::Posted{4, 4}, wire::Posted{5, 5}));
}

TEST_F(Resume, of_a_seat_whose_grace_is_over_is_told_the_gap) {
    table.pass_beside(ada, 600s);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::gone);
    bob = table.resume(2, 2, epoch);
    EXPECT_EQ(table.at(bob).last<wire::Gap>(), (wire::Gap{3, 4}));
    EXPECT_THAT(table.at(bob).bodies(), IsEmpty());
    table.say(bob, wire::Ack{4});
    EXPECT_FALSE(table.at(bob).closed);
}

// FAULTS R13: a resume point at the end of all numbers is beyond everything, not before it.
TEST_F(Resume, of_a_gone_seat_from_the_last_possible_number_tells_no_gap) {
    table.pass_beside(ada, 600s);
    bob = table.resume(2, std::numeric_limits<std::uint64_t>::max(), epoch);
    EXPECT_EQ(table.at(bob).count<wire::Gap>(), 0U);
    EXPECT_FALSE(table.at(bob).closed);
}

TEST_F(Resume, of_a_room_that_was_reborn_tells_no_gap_but_another_epoch) {
    table.disconnect(ada);
    table.pass(600s);
    EXPECT_EQ(table.core.rooms(), 0U);
    bob = table.resume(2, 2, epoch);
    EXPECT_EQ(table.at(bob).count<wire::Gap>(), 0U);
    EXPECT_NE(table.epoch(bob), epoch);
    EXPECT_EQ(table.at(bob).last<wire::Welcome>().next_seq, 1U);
}

TEST_F(Resume, within_the_grace_loses_nothing_at_its_last_moment) {
    table.pass_beside(ada, 600s - 1ns);
    bob = table.resume(2, 3, epoch);
    EXPECT_THAT(table.at(bob).bodies(), ElementsAre("four"));
    table.pass_beside(ada, 80s);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::present);
}

TEST(Grace, of_0_ends_the_seat_with_its_connection) {
    Table table;
    const auto ada = table.join(1);
    auto frame = table.join_frame(2);
    frame.grace_seconds = 0;
    const auto bob = table.join(frame);
    table.post(ada, 1, "unread");
    table.disconnect(bob);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::gone);
    EXPECT_EQ(table.core.payloads(), 0U);
}

TEST(Grace, is_capped_at_its_limit_and_granted_up_to_it) {
    for (const auto& [wanted, granted] : {std::pair{86'400U, 86'400U}, {86'401U, 86'400U}, {0xffffffffU, 86'400U}}) {
        Table table;
        auto frame = table.join_frame(1);
        frame.grace_seconds = wanted;
        EXPECT_EQ(table.at(table.join(frame)).last<wire::Welcome>().grace_seconds, granted);
    }
}

TEST(Grace, starts_anew_with_each_lost_connection_and_leaves_no_timers_behind) {
    Table table;
    const auto ada = table.join(1);
    auto frame = table.join_frame(2);
    for (int i = 0; i < 5; ++i) {
        table.disconnect(table.join(frame));
        table.pass_beside(ada, 599s);
        EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::away);
    }
    table.pass(1s);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::gone);
}

TEST(Takeover, the_newest_connection_wins_and_the_loser_is_told) {
    Table table;
    const auto ada = table.join(1), old_bob = table.join(2), new_bob = table.join(2);
    EXPECT_TRUE(table.at(old_bob).refused(seat_taken_over));
    table.post(ada, 1, "to the new one");
    EXPECT_THAT(table.at(new_bob).bodies(), ElementsAre("to the new one"));
    table.disconnect(old_bob);
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::present) << "the seat did not go with the loser";
}

TEST(Takeover, what_the_loser_still_says_counts_for_nothing) {
    Table table;
    const auto ada = table.join(1), old_bob = table.join(2);
    table.join(2);
    table.post(old_bob, 1, "too late");
    table.say(old_bob, wire::Leave{});
    EXPECT_THAT(table.at(ada).bodies(), IsEmpty());
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::present);
}

TEST(Takeover, brings_what_the_loser_had_not_acknowledged) {
    Table table;
    const auto ada = table.join(1);
    table.join(2);
    table.post(ada, 1, "one");
    EXPECT_THAT(table.at(table.join(2)).bodies(), ElementsAre("one"));
}

TEST(Connections, that_end_and_begin_in_one_turn_do_not_inherit_output) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.core.on_frame(ada, wire::Post{1, {}, {bytes_of("for bob")}}, table.now);
    table.core.on_disconnect(bob, table.now);
    const auto stranger = table.core.on_connect(table.now);
    EXPECT_NE(stranger, bob);
}

TEST(Connections, ids_are_reused_after_a_turn) {
    Table table;
    const auto first = table.connect();
    table.disconnect(first);
    EXPECT_EQ(table.connect(), first);
}

}  // namespace
}  // namespace parley::relay::testing
