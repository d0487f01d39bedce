// PROTOCOL 3.3 to 3.9 through the public Session.
#include <numeric>
#include <random>

#include "unit/ratchet/people.h"

namespace parley::ratchet {
namespace {

using namespace testing;

class SessionTest : public ::testing::Test {
protected:
    Bytes from_initiator(std::string_view content) {
        return both.initiator.seal(bytes_of(content), pair.initiator.random).value();
    }
    Bytes from_responder(std::string_view content) {
        return both.responder.seal(bytes_of(content), pair.responder.random).value();
    }
    void turn() {
        ASSERT_EQ(text(both.initiator.open(from_responder("ping"), noon)), "ping");
        ASSERT_EQ(text(both.responder.open(from_initiator("pong"), noon)), "pong");
    }

    Pair pair;
    Sessions both = shake_hands(pair);
};

TEST_F(SessionTest, talks_over_many_turns) {
    for (int i = 0; i < 20; ++i) turn();
}

// FAULTS C08: the same frame again is shown once.
TEST_F(SessionTest, opens_a_body_once) {
    const auto body = from_initiator("once");
    EXPECT_EQ(text(both.responder.open(body, noon)), "once");
    EXPECT_EQ(code(both.responder.open(body, noon)), Errc::duplicate);
    turn();
    turn();
    EXPECT_EQ(code(both.responder.open(body, noon)), Errc::duplicate) << "also from a chain that is over";
}

// The twin: a receiver that forgets what it opened takes the body again.
TEST_F(SessionTest, twin_that_forgets_its_state_opens_a_body_twice) {
    auto forgetful = both.responder.duplicate();
    const auto body = from_initiator("twice");
    EXPECT_EQ(text(both.responder.open(body, noon)), "twice");
    EXPECT_EQ(text(forgetful.open(body, noon)), "twice");
}

// FAULTS C08: to another room or pair, and from another sender.
TEST_F(SessionTest, opens_nothing_of_another_session) {
    Pair others("others");
    auto elsewhere = shake_hands(others);
    const auto body = from_initiator("here only");
    EXPECT_EQ(code(elsewhere.responder.open(body, noon)), Errc::no_header_key);
    EXPECT_EQ(code(both.initiator.open(body, noon)), Errc::no_header_key) << "reflected to its sender";
}

// FAULTS C09, ATTACKS 6
TEST_F(SessionTest, opens_a_thousand_in_any_order_and_the_last_first) {
    std::vector<Bytes> bodies;
    for (int i = 0; i < 1000; ++i) bodies.push_back(from_initiator(std::to_string(i)));
    std::vector<int> order(bodies.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end() - 1, std::mt19937(1));
    std::ranges::rotate(order, order.end() - 1);
    for (const auto i : order) {
        ASSERT_EQ(text(both.responder.open(bodies[static_cast<std::size_t>(i)], noon)), std::to_string(i));
    }
    for (const auto& body : bodies) ASSERT_EQ(code(both.responder.open(body, noon)), Errc::duplicate);
}

// FAULTS C10: what is dropped in one chain, or at its end, harms nothing that comes later.
TEST_F(SessionTest, goes_on_after_losses_within_and_at_the_end_of_a_chain) {
    const auto kept = from_initiator("kept");
    const auto late = from_initiator("late");
    const auto lost_tail = from_initiator("never comes");
    ASSERT_EQ(text(both.responder.open(kept, noon)), "kept");
    turn();
    turn();
    EXPECT_EQ(text(both.responder.open(late, noon)), "late") << "two steps later";
    turn();
}

// FAULTS C11, by the public door; the O(1) is counted in core_test.
TEST_F(SessionTest, skips_a_thousand_and_not_one_more) {
    std::vector<Bytes> bodies;
    for (int i = 0; i <= 1001; ++i) bodies.push_back(from_initiator("x"));
    EXPECT_EQ(code(both.responder.open(bodies[1001], noon)), Errc::too_many_skipped);
    EXPECT_EQ(text(both.responder.open(bodies[1000], noon)), "x");
    EXPECT_EQ(text(both.responder.open(bodies[1001], noon)), "x");
}

// PROTOCOL 3.7
// FAULTS C11
TEST_F(SessionTest, stores_two_thousand_keys_and_forgets_the_oldest_first) {
    std::vector<Bytes> bodies;
    for (int i = 0; i < 2103; ++i) bodies.push_back(from_initiator("x"));
    for (const auto n : {1000U, 2001U, 2102U}) ASSERT_TRUE(both.responder.open(bodies[n], noon).has_value());
    EXPECT_EQ(code(both.responder.open(bodies[99], noon)), Errc::no_header_key);
    EXPECT_EQ(text(both.responder.open(bodies[100], noon)), "x");
}

// PROTOCOL 3.7: 30 days.
TEST_F(SessionTest, forgets_a_skipped_key_after_thirty_days) {
    const auto first = from_initiator("first");
    const auto second = from_initiator("second");
    ASSERT_TRUE(both.responder.open(from_initiator("third"), noon).has_value());
    const auto month = std::chrono::days{30};
    EXPECT_EQ(text(both.responder.open(first, noon + month)), "first");
    EXPECT_EQ(code(both.responder.open(second, noon + month + std::chrono::seconds{1})), Errc::no_header_key);
}

// PROTOCOL 3.7: also when nothing more comes.
TEST_F(SessionTest, forgets_old_keys_when_time_passes) {
    (void)from_initiator("never comes");
    ASSERT_TRUE(both.responder.open(from_initiator("comes"), noon).has_value());
    const auto before = both.responder.save(noon).size();
    both.responder.on_time(noon + std::chrono::days{30});
    EXPECT_EQ(both.responder.save(noon).size(), before);
    both.responder.on_time(noon + std::chrono::days{31});
    EXPECT_LT(both.responder.save(noon).size(), before);
}

// FAULTS C31
TEST_F(SessionTest, carries_every_size_up_to_the_largest_and_nothing_above) {
    for (const auto size : {std::size_t{0}, std::size_t{1}, max_small_content, max_small_content + 1,
                            max_medium_content, max_medium_content + 1, max_content}) {
        const Bytes content(size, 0x5a);
        const auto body = both.initiator.seal(content, pair.initiator.random).value();
        EXPECT_EQ(body.size(), size <= max_small_content    ? small_body
                               : size <= max_medium_content ? medium_body
                                                            : large_body);
        EXPECT_TRUE(equal(both.responder.open(body, noon).value().reveal(), content));
    }
    EXPECT_EQ(code(both.initiator.seal(Bytes(max_content + 1), pair.initiator.random)), Errc::too_large);
}

// ATTACKS 2: equal lengths for every content of a class, however well it would compress.
TEST_F(SessionTest, shows_one_size_for_all_contents_of_a_class) {
    for (std::size_t size = 0; size <= max_small_content; size += 23) {
        EXPECT_EQ(both.initiator.seal(Bytes(size, 'a'), pair.initiator.random).value().size(), small_body);
    }
}

TEST_F(SessionTest, refuses_bodies_of_the_handshake_and_odd_sizes) {
    EXPECT_EQ(code(both.initiator.open(hello(), noon)), Errc::unknown_type);
    EXPECT_EQ(code(both.initiator.open(Bytes(100), noon)), Errc::truncated);
    EXPECT_EQ(code(both.initiator.open(Bytes{}, noon)), Errc::truncated);
}

// FAULTS C15, ATTACKS 10: a copied state that goes on beside the original is seen at its first message.
TEST_F(SessionTest, names_a_rolled_back_peer) {
    auto copy = both.initiator.duplicate();
    EXPECT_EQ(text(both.responder.open(from_initiator("original"), noon)), "original");
    SeededRandom other("a machine of its own");
    const auto forked = copy.seal(bytes_of("from the copy"), other).value();
    EXPECT_EQ(code(both.responder.open(forked, noon)), Errc::rolled_back);
}

TEST_F(SessionTest, names_a_rolled_back_peer_whose_copy_makes_its_own_step) {
    ASSERT_EQ(text(both.initiator.open(from_responder("your turn"), noon)), "your turn");
    auto copy = both.initiator.duplicate();
    ASSERT_EQ(text(both.responder.open(from_initiator("original"), noon)), "original");
    SeededRandom other("a machine of its own");
    EXPECT_EQ(code(both.responder.open(copy.seal(bytes_of("copy"), other).value(), noon)), Errc::rolled_back);
    turn();
    EXPECT_EQ(code(both.responder.open(copy.seal(bytes_of("copy"), other).value(), noon)), Errc::rolled_back)
        << "also in a chain that is over";
}

/// The same session after its process has died.
Session restored(const Session& session) { return Session::restore(session.save(noon).reveal(), noon).value(); }

// PROTOCOL 3.8: each of the three turns that the next message may find a session in.
TEST_F(SessionTest, comes_back_from_every_turn_as_it_was) {
    auto first = Initiator::start(pair.from_initiator(), pair.initiator.random);
    auto response = respond(pair.from_responder(), first.init(), pair.responder.random).value();
    auto finished = first.finish(pair.from_initiator(), response.answer, pair.initiator.random).value();
    for (auto* before_anything : {&response.session, &finished.session}) {
        auto again = restored(*before_anything);
        EXPECT_TRUE(same(again.save(noon), before_anything->save(noon)));
        *before_anything = std::move(again);
    }
    ASSERT_TRUE(response.session.open(finished.confirmation, noon).has_value());
    both = {restored(finished.session), restored(response.session)};
    turn();
}

// PROTOCOL 3.7
TEST_F(SessionTest, comes_back_with_as_many_keys_as_it_may_keep) {
    for (int i = 0; i < 1000; ++i) (void)from_initiator("never comes");
    const auto after_thousand = from_initiator("x");
    for (int i = 0; i < 999; ++i) (void)from_initiator("never comes");
    const auto last_lost = from_initiator("late");
    ASSERT_TRUE(both.responder.open(after_thousand, noon).has_value());
    ASSERT_TRUE(both.responder.open(from_initiator("x"), noon).has_value());
    both.responder = restored(both.responder);
    EXPECT_EQ(text(both.responder.open(last_lost, noon)), "late");
}

// PROTOCOL 3.8: what the saved state has gone beyond may be sealed without another save.
TEST_F(SessionTest, a_state_saved_ahead_goes_on_behind_the_keys_it_reserved) {
    constexpr std::uint32_t reserved = 5;
    const auto next = both.initiator.next_in_chain().value();
    const auto saved = both.initiator.save(noon, next + reserved);
    EXPECT_EQ(both.initiator.next_in_chain(), next) << "only what is saved goes on";
    for (std::uint32_t i = 0; i < reserved; ++i) EXPECT_EQ(text(both.responder.open(from_initiator("x"), noon)), "x");
    both.initiator = Session::restore(saved.reveal(), noon).value();
    EXPECT_EQ(both.initiator.next_in_chain(), next + reserved);
    EXPECT_EQ(text(both.responder.open(from_initiator("after the crash"), noon)), "after the crash");
    turn();
}

TEST_F(SessionTest, keys_that_were_reserved_and_never_used_are_skipped) {
    const auto next = both.initiator.next_in_chain().value();
    both.initiator = Session::restore(both.initiator.save(noon, next + 100).reveal(), noon).value();
    EXPECT_EQ(text(both.responder.open(from_initiator("after the crash"), noon)), "after the crash");
    turn();
}

// The twin: one more than was reserved.
TEST_F(SessionTest, twin_that_seals_more_than_it_reserved_is_named) {
    const auto saved = both.initiator.save(noon, both.initiator.next_in_chain().value() + 1);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(text(both.responder.open(from_initiator("x"), noon)), "x");
    both.initiator = Session::restore(saved.reveal(), noon).value();
    EXPECT_EQ(code(both.responder.open(from_initiator("other"), noon)), Errc::rolled_back);
}

TEST_F(SessionTest, a_chain_that_has_not_begun_reserves_nothing) {
    turn();
    ASSERT_EQ(text(both.initiator.open(from_responder("your step"), noon)), "your step");
    EXPECT_EQ(both.initiator.next_in_chain(), std::nullopt);
    EXPECT_TRUE(same(both.initiator.save(noon, 50), both.initiator.save(noon)));
}

// The same content with the same randomness is the same body: posted again, not another message.
TEST_F(SessionTest, takes_the_same_message_of_a_restored_state_for_a_repetition) {
    auto copy = both.initiator.duplicate();
    SeededRandom one("same");
    SeededRandom two("same");
    const auto original = both.initiator.seal(bytes_of("text"), one).value();
    const auto again = copy.seal(bytes_of("text"), two).value();
    EXPECT_EQ(original, again);
    ASSERT_TRUE(both.responder.open(original, noon).has_value());
    EXPECT_EQ(code(both.responder.open(again, noon)), Errc::duplicate);
}

}  // namespace
}  // namespace parley::ratchet
