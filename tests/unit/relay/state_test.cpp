// Frames in a wrong state, secrets, and what a refused one changes: nothing (FAULTS R08).
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using enum wire::RefuseReason;
using wire::Presence;

// FAULTS R08
TEST(State, every_frame_before_a_join_is_refused_and_that_connection_closed) {
    const std::vector<wire::ClientFrame> frames{wire::Card{}, wire::Post{1, {}, {}}, wire::Ack{0}, wire::Leave{},
                                                wire::Ping{}};
    for (const auto& frame : frames) {
        Table table;
        const auto ada = table.join(1), stranger = table.connect();
        table.say(stranger, frame);
        EXPECT_TRUE(table.at(stranger).refused(protocol_error)) << frame.index();
        EXPECT_FALSE(table.at(ada).closed);
        EXPECT_EQ(table.at(ada).frames.size(), 1U) << "nobody else hears of it";
    }
}

// FAULTS R08
TEST(State, joining_twice_is_refused_and_the_seat_goes_away_only) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.say(bob, table.join_frame(2));
    EXPECT_TRUE(table.at(bob).refused(protocol_error));
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::away);
    EXPECT_FALSE(table.at(table.join(2)).closed);
}

// FAULTS R08
TEST(State, leaving_twice_changes_nothing) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.say(bob, wire::Leave{});
    const auto heard = table.at(ada).frames.size();
    table.say(bob, wire::Leave{});
    table.disconnect(bob);
    EXPECT_EQ(table.at(ada).frames.size(), heard);
}

TEST(State, an_ack_of_the_last_delivered_is_taken_and_one_beyond_refused) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2), eve = table.join(3);
    table.post(ada, 1, "for bob", seat(2));
    table.post(ada, 2, "for eve", seat(3));
    table.say(bob, wire::Ack{1});
    EXPECT_FALSE(table.at(bob).closed);
    table.say(bob, wire::Ack{2});
    EXPECT_TRUE(table.at(bob).refused(protocol_error));
    table.say(eve, wire::Ack{std::numeric_limits<std::uint64_t>::max()});
    EXPECT_TRUE(table.at(eve).refused(protocol_error));
    EXPECT_EQ(table.at(table.join(3)).bodies().size(), 1U) << "a refused Ack forgets nothing";
}

TEST(State, an_ack_may_be_repeated_and_may_go_back) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, "one");
    table.post(ada, 2, "two");
    for (const std::uint64_t seq : {2U, 2U, 1U, 0U}) table.say(bob, wire::Ack{seq});
    EXPECT_FALSE(table.at(bob).closed);
    EXPECT_EQ(table.core.payloads(), 0U);
}

// FAULTS R07
TEST(State, another_version_is_refused) {
    Table table;
    auto frame = table.join_frame(1);
    frame.version = 2;
    EXPECT_TRUE(table.at(table.join(frame)).refused(wrong_version));
    EXPECT_EQ(table.core.rooms(), 0U);
}

TEST(State, a_stream_that_means_nothing_closes_that_connection_only) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.core.on_bad_frame(bob, table.now);
    table.core.on_bad_frame(bob, table.now);
    table.end_turn();
    EXPECT_TRUE(table.at(bob).refused(protocol_error));
    EXPECT_FALSE(table.at(ada).closed);
}

TEST(State, a_shell_may_turn_away_who_has_no_token) {
    Table table;
    const auto stranger = table.connect();
    table.core.turn_away(stranger, wrong_token, table.now);
    table.end_turn();
    EXPECT_TRUE(table.at(stranger).refused(wrong_token));
}

/// Whether a relay lets every single-bit change of the secret in.
template <class Relay>
std::size_t forgeries_let_in(Relay&& let_in) {
    std::size_t count = 0;
    for (std::size_t bit = 0; bit < 256; ++bit) {
        auto forged = secret(2);
        forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ (1U << (bit % 8)));
        count += let_in(forged) ? 1 : 0;
    }
    return count;
}

TEST(SeatSecret, wrong_in_any_bit_is_refused_and_the_owner_is_not_disturbed) {
    Limits limits;
    limits.joins.burst = 1'000;
    Table table(limits);
    const auto bob = table.join(2);
    const auto let_in = [&](const FixedBytes<32>& forged) {
        auto frame = table.join_frame(2);
        frame.secret = forged;
        return !table.at(table.join(frame)).refused(wrong_secret);
    };
    EXPECT_EQ(forgeries_let_in(let_in), 0U);
    EXPECT_FALSE(table.at(bob).closed);
    EXPECT_EQ(table.at(bob).frames.size(), 1U);
    // The twin: a relay that compares only a prefix would be caught.
    const auto prefix_only = [&](const FixedBytes<32>& forged) {
        return equal_constant_time(ByteView(forged).first(16), ByteView(secret(2)).first(16));
    };
    EXPECT_EQ(forgeries_let_in(prefix_only), 128U);
}

TEST(SeatSecret, guards_an_away_seat_too_and_dies_with_it) {
    Table table;
    table.join(1);
    table.disconnect(table.join(2));
    auto forged = table.join_frame(2);
    forged.secret = secret(9);
    EXPECT_TRUE(table.at(table.join(forged)).refused(wrong_secret));
    table.pass(600s);
    EXPECT_FALSE(table.at(table.join(forged)).closed);
}

}  // namespace
}  // namespace parley::relay::testing
