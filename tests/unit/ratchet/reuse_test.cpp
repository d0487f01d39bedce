// No key seals two plaintexts: not over many messages, not with a dead random generator, not from a restored state.
#include <cstdlib>

#include "ratchet/save.h"
#include "unit/ratchet/flawed.h"

namespace parley::ratchet {
namespace {

using namespace testing;

/// A generator that is stuck.
class StuckRandom final : public Random {
public:
    explicit StuckRandom(std::uint8_t byte) : byte_(byte) {}
    void fill(MutableBytes out) override { std::ranges::fill(out, byte_); }

private:
    std::uint8_t byte_;
};

/// Seals long chains over many turns, everything watched.
template <class Policy>
std::size_t repeats_over(int turns, int messages) {
    Watched<Policy>::forget();
    Cores<Watched<Policy>> cores;
    for (int turn = 0; turn < turns; ++turn) {
        if (turn > 0) cores.exchange();
        for (int i = 0; i < messages; ++i) (void)cores.initiator.seal({}, cores.initiator_random).value();
    }
    return Watched<Policy>::repeats;
}

/// What takes no time that anybody minds; ./dev reuse asks for more.
int messages_to_seal() {
    const auto* wanted = std::getenv("PARLEY_REUSE_MESSAGES");
    return wanted == nullptr ? 100'000 : std::atoi(wanted);
}

// FAULTS C13
TEST(Reuse, no_key_and_nonce_seal_twice_over_many_messages) {
    constexpr int chain = 800;
    const auto turns = messages_to_seal() / chain;
    EXPECT_EQ(repeats_over<Suite>(turns, chain), 0U);
    EXPECT_GE(Watched<Suite>::used.size(), 2U * static_cast<std::size_t>(turns) * chain)
        << "a header and a content each";
}

// FAULTS C13: and over a thousand sessions.
TEST(Reuse, no_key_and_nonce_seal_twice_over_many_sessions) {
    Watched<Suite>::forget();
    for (int session = 0; session < 1000; ++session) {
        Cores<Watched<Suite>> cores(std::to_string(session));
        for (int i = 0; i < 3; ++i) (void)cores.initiator.seal({}, cores.initiator_random).value();
    }
    EXPECT_EQ(Watched<Suite>::repeats, 0U);
    EXPECT_EQ(Watched<Suite>::used.size(), 2 * 3000U);
}

TEST(Reuse, twin_with_a_standing_chain_is_caught) { EXPECT_GT(repeats_over<FrozenSuite>(1, 10), 0U); }

/// What a restored copy seals beside the original, under a generator that gives both the same bytes.
template <class Policy>
std::size_t repeats_after_rollback() {
    Watched<Policy>::forget();
    Cores<Watched<Policy>> cores;
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    const auto saved = save(cores.initiator.state(), noon);
    for (std::uint8_t i = 0; i < 50; ++i) {
        DoubleRatchet<Watched<Policy>> copy(restore(saved.reveal(), noon).value());
        StuckRandom stuck(7);
        (void)copy.seal(Bytes{i}, stuck).value();
    }
    return Watched<Policy>::repeats;
}

// FAULTS C13, C15, ATTACKS 24
TEST(Reuse, a_restored_state_and_a_dead_generator_seal_nothing_twice) {
    EXPECT_EQ(repeats_after_rollback<Suite>(), 0U);
}
TEST(Reuse, twin_whose_box_has_no_salt_is_caught) { EXPECT_GT(repeats_after_rollback<NoSaltSuite>(), 0U); }

// ATTACKS 24: 10^5 messages with a constant generator.
TEST(Reuse, a_stuck_generator_repeats_no_key_and_nonce) {
    Watched<Suite>::forget();
    Cores<Watched<Suite>> cores;
    StuckRandom stuck(7);
    const auto first = cores.initiator.seal({}, stuck).value();
    ASSERT_TRUE(cores.responder.open(first, noon).has_value());
    for (int i = 0; i < 50000; ++i) {
        (void)cores.initiator.seal(bytes_of("same"), stuck).value();
        StuckRandom other(8);
        (void)cores.responder.seal(bytes_of("same"), other).value();
    }
    EXPECT_EQ(Watched<Suite>::repeats, 0U);
    EXPECT_EQ(Watched<Suite>::used.size(), 2 * 100001U);
}

// FAULTS C03 meets ATTACKS 24: a stuck generator makes its ratchet key again, and the peer stops there.
TEST(Reuse, a_stuck_generator_is_stopped_at_its_next_step) {
    Cores<Suite> cores;
    StuckRandom stuck(7);
    StuckRandom other(8);
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, stuck).value(), noon).has_value());
    ASSERT_TRUE(cores.initiator.open(cores.responder.seal({}, other).value(), noon).has_value());
    EXPECT_EQ(code(cores.responder.open(cores.initiator.seal({}, stuck).value(), noon)), Errc::bad_key);
}

}  // namespace
}  // namespace parley::ratchet
