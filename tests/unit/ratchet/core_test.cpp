// What the core derives, keeps and refuses: counted and compared, each claim with a twin that breaks it.
#include "unit/ratchet/flawed.h"

#include "ratchet/save.h"

namespace parley::ratchet {
namespace {

using namespace testing;

// FAULTS C11: a claim costs no HMAC and no step.
TEST(Core, refuses_a_far_number_without_deriving_anything) {
    Cores<CountingSuite> cores;
    cores.exchange();
    Bytes body;
    for (int i = 0; i <= 1001; ++i) body = cores.initiator.seal({}, cores.initiator_random).value();
    CountingSuite::chain_steps = CountingSuite::root_steps = 0;
    EXPECT_EQ(code(cores.responder.open(body, noon)), Errc::too_many_skipped) << "in the next chain";
    EXPECT_EQ(CountingSuite::chain_steps, 0U);
    EXPECT_EQ(CountingSuite::root_steps, 0U);
}

TEST(Core, refuses_a_far_number_in_the_chain_it_knows) {
    Cores<CountingSuite> cores;
    cores.exchange();
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon));
    Bytes body;
    for (int i = 0; i <= 1001; ++i) body = cores.initiator.seal({}, cores.initiator_random).value();
    CountingSuite::chain_steps = 0;
    EXPECT_EQ(code(cores.responder.open(body, noon)), Errc::too_many_skipped);
    EXPECT_EQ(CountingSuite::chain_steps, 0U);
}

// The twin: a number within the bound is paid for, so the counter does count.
TEST(Core, twin_pays_for_a_near_number) {
    Cores<CountingSuite> cores;
    cores.exchange();
    Bytes body;
    for (int i = 0; i <= 1000; ++i) body = cores.initiator.seal({}, cores.initiator_random).value();
    CountingSuite::chain_steps = 0;
    EXPECT_TRUE(cores.responder.open(body, noon).has_value());
    EXPECT_EQ(CountingSuite::chain_steps, 1001U);
}

/// A peer that holds all keys and writes any number it likes into its header.
Bytes with_number(const State<Suite>& state, std::uint32_t pn, std::uint32_t n) {
    const auto& sending = std::get<Sending<Suite>>(state.turn);
    SeededRandom random("liar");
    return Suite::seal(sending.sending, {sending.announcement, pn, n, {}}, secret_of<MessageKey>(9), state.transcript,
                       {}, random);
}

// PROTOCOL 3.7: numbers end at 2^31, and a chain that was used up has had so many messages.
TEST(Core, reads_no_header_with_a_number_that_no_chain_reaches) {
    const auto reads = [](std::uint32_t pn, std::uint32_t n) { return decode(encode({{}, pn, n, {}})).has_value(); };
    EXPECT_TRUE(reads(0x80000000U, 0x7fffffffU));
    EXPECT_FALSE(reads(0x80000001U, 0));
    EXPECT_FALSE(reads(0, 0x80000000U));
}

// FAULTS C11: 2^31 and above, and sums that would wrap.
TEST(Core, refuses_numbers_that_no_chain_reaches) {
    Cores<Suite> cores;
    cores.exchange();
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    for (const auto n : {0x7fffffffU, 0x80000000U, 0xffffffffU}) {
        EXPECT_FALSE(cores.responder.open(with_number(cores.initiator.state(), 1, n), noon).has_value());
        EXPECT_FALSE(cores.responder.open(with_number(cores.initiator.state(), n, 0), noon).has_value());
        EXPECT_FALSE(cores.responder.open(with_number(cores.initiator.state(), n, n), noon).has_value());
    }
    EXPECT_EQ(code(cores.responder.open(with_number(cores.initiator.state(), 0, 0), noon)), Errc::rolled_back)
        << "a chain shorter than what came of it";
}

/// True if the state is the same, bit for bit, after every damaged copy of `body`.
template <class Policy>
bool unmoved_by_damage(DoubleRatchet<Policy>& ratchet, const Bytes& body, std::size_t step) {
    const auto saved = [&ratchet] { return save(ratchet.state(), noon); };
    const auto before = saved();
    for (std::size_t bit = 0; bit < body.size() * 8; bit += step) {
        auto damaged = body;
        damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
        if (ratchet.open(damaged, noon)) return false;
        if (!same(before, saved())) return false;
    }
    return true;
}

// FAULTS C12: every bit of a frame in a steady chain.
TEST(Core, is_bit_identical_after_every_flipped_bit) {
    Cores<Suite> cores;
    cores.exchange();
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon));
    const auto body = cores.initiator.seal(bytes_of("true"), cores.initiator_random).value();
    EXPECT_TRUE(unmoved_by_damage(cores.responder, body, 1));
    EXPECT_EQ(text(cores.responder.open(body, noon)), "true");
}

// FAULTS C12: and of a frame that begins a step, a sample of its bits (each costs a whole step).
TEST(Core, is_bit_identical_after_a_damaged_step) {
    Cores<Suite> cores;
    cores.exchange();
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    const auto body = cores.initiator.seal(bytes_of("true"), cores.initiator_random).value();
    EXPECT_TRUE(unmoved_by_damage(cores.responder, body, 13));
    EXPECT_EQ(text(cores.responder.open(body, noon)), "true");
}

TEST(Core, twin_that_looks_at_no_tag_moves) {
    Cores<TagBlindSuite> cores;
    cores.exchange();
    const auto body = cores.initiator.seal(bytes_of("true"), cores.initiator_random).value();
    EXPECT_FALSE(unmoved_by_damage(cores.responder, body, 8 * 4095));
}

// FAULTS C03
TEST(Core, refuses_a_ratchet_key_that_is_ours_or_came_before) {
    Cores<Suite> cores;
    cores.exchange();
    const auto body = cores.initiator.seal({}, cores.initiator_random).value();
    const auto& ours = std::get<Sending<Suite>>(cores.responder.state().turn).announcement;
    auto liar = std::get<Sending<Suite>>(cores.initiator.state().turn).announcement;
    SeededRandom random("liar");
    const auto claim = [&](const Announcement& announcement) {
        const auto& sending = std::get<Sending<Suite>>(cores.initiator.state().turn);
        return Suite::seal(sending.sending, {announcement, 1, 0, {}}, secret_of<MessageKey>(9), {}, {}, random);
    };
    liar.ratchet_key = ours.ratchet_key;
    EXPECT_EQ(code(cores.responder.open(claim(liar), noon)), Errc::bad_key) << "reflected";
    liar.ratchet_key = cores.responder.state().receiving->peer.announcement.ratchet_key;
    EXPECT_EQ(code(cores.responder.open(claim(liar), noon)), Errc::bad_key) << "repeated";
    liar.ratchet_key.fill(0);
    EXPECT_EQ(code(cores.responder.open(claim(liar), noon)), Errc::bad_key) << "no point";
    EXPECT_TRUE(cores.responder.open(body, noon).has_value());
}

/// What the receiver says of a copied state's message under a number that the original used.
template <class Policy>
Errc verdict_on_a_fork() {
    Cores<Policy> cores;
    cores.exchange();
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    DoubleRatchet<Policy> copy(restore(save(cores.initiator.state(), noon).reveal(), noon).value());
    EXPECT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon).has_value());
    SeededRandom other("other machine");
    return code(cores.responder.open(copy.seal({}, other).value(), noon));
}

// FAULTS C15, ATTACKS 10
TEST(Core, tells_a_fork_from_a_repetition) { EXPECT_EQ(verdict_on_a_fork<Suite>(), Errc::rolled_back); }
TEST(Core, twin_that_compares_no_headers_takes_a_fork_for_a_repetition) {
    EXPECT_EQ(verdict_on_a_fork<HashlessSuite>(), Errc::duplicate);
}

/// True if a peer whose generator is stuck gets past its second step.
template <class Policy>
bool takes_a_repeated_ratchet_key() {
    Cores<Policy> cores;
    cores.exchange();
    SeededRandom again("the same");
    EXPECT_TRUE(cores.responder.open(cores.initiator.seal({}, again).value(), noon).has_value());
    EXPECT_TRUE(cores.initiator.open(cores.responder.seal({}, cores.responder_random).value(), noon).has_value());
    SeededRandom and_again("the same");
    return cores.responder.open(cores.initiator.seal({}, and_again).value(), noon).has_value();
}

// FAULTS C03
TEST(Core, stops_at_a_repeated_ratchet_key) { EXPECT_FALSE(takes_a_repeated_ratchet_key<Suite>()); }
TEST(Core, twin_that_compares_no_keys_goes_on) { EXPECT_TRUE(takes_a_repeated_ratchet_key<AnyKeySuite>()); }

// FAULTS C31: padding that no honest sender writes, under a good tag.
TEST(Core, answers_every_bad_content_alike) {
    Cores<Suite> cores;
    cores.exchange();
    const auto good = cores.initiator.seal({}, cores.initiator_random).value();
    auto damaged = good;
    damaged.back() ^= 1;
    const auto by_tag = cores.responder.open(damaged, noon).error();
    damaged = good;
    damaged[1 + sealed_header_size] ^= 1;
    const auto by_commitment = cores.responder.open(damaged, noon).error();
    EXPECT_EQ(by_tag.code, by_commitment.code);
    EXPECT_EQ(by_tag.what, by_commitment.what);

    const MessageKey key = secret_of<MessageKey>(4);
    const auto opened = [&](ByteView padded) {
        SeededRandom random("padding");
        const auto salt = crypto::box_salt(key.reveal(), crypto::labels::ratchet_box, padded, random);
        const Suite::Sealed head{ByteView(good).subspan<1, sealed_header_size>(), {}};
        Bytes aad;
        append(aad, crypto::labels::ratchet_content_aad);
        aad.push_back(1);
        append(aad, TranscriptHash{}.view());
        append(aad, head.header);
        Bytes box(padded.size() + crypto::box_overhead);
        crypto::seal_box(key.reveal(), crypto::labels::ratchet_box, salt, aad, padded, box);
        return Suite::open_content(key, {.announcement = {}, .pn = 0, .n = 0, .salt = salt}, {}, {head.header, box});
    };
    Bytes padded(1658);
    EXPECT_TRUE(opened(padded).has_value()) << "empty";
    padded[0] = 6, padded[1] = 0x78;
    EXPECT_TRUE(opened(padded).has_value()) << "full: 1,656";
    padded[1] = 0x79;
    EXPECT_EQ(opened(padded).error().what, by_tag.what) << "longer than what is there";
    padded = Bytes(1658);
    padded.back() = 1;
    EXPECT_EQ(opened(padded).error().what, by_tag.what) << "more than zeros behind it";
}

// FAULTS C21, forward secrecy: the state of now opens nothing that was opened before.
template <class Policy>
bool old_message_opens_after_compromise() {
    Cores<Policy> cores;
    cores.exchange();
    const auto old = cores.initiator.seal(bytes_of("secret"), cores.initiator_random).value();
    const auto header_keys = std::get<Sending<Policy>>(cores.initiator.state().turn).sending.duplicate();
    const auto opened = Policy::open_header(header_keys, {}, Policy::take_apart(old).value());
    EXPECT_EQ(text(cores.responder.open(old, noon)), "secret");
    // The attacker has all of the receiver's state, and the header key besides.
    auto stolen = cores.responder.state().receiving->chain.duplicate();
    for (int i = 0; i < 100; ++i) {
        const auto key = take_key<Policy>(stolen);
        if (Policy::open_content(key, *opened, {}, Policy::take_apart(old).value())) return true;
    }
    return false;
}

// FAULTS C21
TEST(Core, keeps_earlier_messages_shut_after_a_compromise) {
    EXPECT_FALSE(old_message_opens_after_compromise<Suite>());
}
TEST(Core, twin_whose_chain_stands_still_opens_them) {
    EXPECT_TRUE(old_message_opens_after_compromise<StuckChainSuite>());
}

/// An attacker with a copy of the initiator's whole state, who sees every frame from then on.
template <class Policy>
struct Theft {
    Theft() { cores.exchange(); }

    /// True if the copy, going on with keys of its own, opens what is said after the round trip.
    bool opens_after_round_trip() {
        DoubleRatchet<Policy> copy(restore(save(cores.initiator.state(), noon).reveal(), noon).value());
        SeededRandom thief("thief");
        (void)copy.seal(bytes_of("a step of its own"), thief).value();
        const auto there = cores.initiator.seal(bytes_of("fresh keys"), cores.initiator_random).value();
        EXPECT_EQ(text(cores.responder.open(there, noon)), "fresh keys");
        const auto back = cores.responder.seal(bytes_of("healed"), cores.responder_random).value();
        EXPECT_EQ(text(cores.initiator.open(back, noon)), "healed");
        return copy.open(back, noon).has_value();
    }

    Cores<Policy> cores;
};

// FAULTS C21, the wound: until the round trip the copy reads along, so the test sees a copy that works.
TEST(Core, a_copied_state_reads_until_the_next_step) {
    Cores<Suite> cores;
    cores.exchange();
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    DoubleRatchet<Suite> copy(restore(save(cores.initiator.state(), noon).reveal(), noon).value());
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon));
    const auto back = cores.responder.seal(bytes_of("wound"), cores.responder_random).value();
    EXPECT_EQ(text(copy.open(back, noon)), "wound");
}

// FAULTS C21, C30, ATTACKS 9: healed by both halves, by the lattice when the curve is broken, and by the curve when the
// lattice is.
TEST(Core, heals_after_one_round_trip) { EXPECT_FALSE(Theft<Suite>().opens_after_round_trip()); }
// FAULTS C30
TEST(Core, heals_when_the_curve_is_known) { EXPECT_FALSE(Theft<KnownCurveSuite>().opens_after_round_trip()); }
// FAULTS C30
TEST(Core, heals_when_the_lattice_is_known) { EXPECT_FALSE(Theft<KnownLatticeSuite>().opens_after_round_trip()); }
TEST(Core, twin_without_step_secrets_never_heals) { EXPECT_TRUE(Theft<NoStepSecretSuite>().opens_after_round_trip()); }

// FAULTS C30: the public values are in the derivation, so the same secrets under other keys give another root.
TEST(Core, mixes_the_transcript_of_a_step_into_its_keys) {
    const auto root = [](std::uint8_t context) {
        return Suite::root_step(secret_of<RootKey>(1), {secret_of<decltype(Suite::StepInput::secret)>(2), {context}})
            .root;
    };
    EXPECT_FALSE(equal(root(1).reveal(), root(2).reveal()));
}

// ATTACKS 19: what is consumed is not in the saved state.
TEST(Core, saves_no_key_that_is_used_up) {
    Cores<Suite> cores;
    cores.exchange();
    const auto body = cores.initiator.seal({}, cores.initiator_random).value();
    const auto& before = std::get<Sending<Suite>>(cores.responder.state().turn);
    const auto ratchet_key = before.ours.key.save();
    const auto seed = before.ours.decapsulation.save();
    const auto root = cores.responder.state().root.duplicate();
    ASSERT_TRUE(cores.responder.open(body, noon).has_value());
    auto chain = cores.responder.state().receiving->chain.duplicate();
    const auto chain_key = chain.key.duplicate();
    const auto message_key = take_key<Suite>(chain);
    const auto held = save(cores.responder.state(), noon);
    EXPECT_TRUE(text_of(held.reveal()).find(text_of(chain_key.reveal())) != std::string_view::npos)
        << "twin: a key that is still to be used is found like this";
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon).has_value());
    const auto saved = save(cores.responder.state(), noon);
    for (const ByteView used : {ByteView(ratchet_key.reveal()), ByteView(seed.reveal()), ByteView(root.reveal()),
                                ByteView(chain_key.reveal()), ByteView(message_key.reveal())}) {
        EXPECT_EQ(text_of(saved.reveal()).find(text_of(used)), std::string_view::npos);
    }
}

// ATTACKS 19: a skipped key is kept, and gone once used.
TEST(Core, saves_a_skipped_key_until_it_is_used) {
    Cores<Suite> cores;
    cores.exchange();
    auto first = cores.initiator.seal({}, cores.initiator_random).value();
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon).has_value());
    const auto& skipped = cores.responder.state().skipped.all();
    ASSERT_EQ(skipped.size(), 1U);
    const auto key = skipped.begin()->second.key.duplicate();
    const auto holds_key = [&] {
        const auto saved = save(cores.responder.state(), noon);
        return text_of(saved.reveal()).find(text_of(key.reveal())) != std::string_view::npos;
    };
    EXPECT_TRUE(holds_key());
    ASSERT_TRUE(cores.responder.open(first, noon).has_value());
    EXPECT_FALSE(holds_key());
}

TEST(Core, restores_only_what_it_would_save) {
    Cores<Suite> cores;
    cores.exchange();
    (void)cores.initiator.seal({}, cores.initiator_random).value();
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon).has_value());
    for (const auto* state : {&cores.initiator.state(), &cores.responder.state()}) {
        const auto saved = save(*state, noon);
        EXPECT_TRUE(same(saved, save(restore(saved.reveal(), noon).value(), noon)));
        for (std::size_t size = 0; size < saved.size(); size += 11)
            EXPECT_FALSE(restore(saved.reveal().first(size), noon));
        for (std::size_t at = 0; at < saved.size(); at += 5) {
            auto damaged = to_bytes(saved.reveal());
            damaged[at] ^= 0x81;
            const auto restored = restore(damaged, noon);
            if (restored) {
                EXPECT_TRUE(equal(save(*restored, noon).reveal(), damaged)) << at;
            }
        }
    }
}

TEST(Core, keeps_the_age_of_skipped_keys_over_a_restart) {
    Cores<Suite> cores;
    cores.exchange();
    const auto late = cores.initiator.seal(bytes_of("late"), cores.initiator_random).value();
    ASSERT_TRUE(cores.responder.open(cores.initiator.seal({}, cores.initiator_random).value(), noon).has_value());
    const auto saved = save(cores.responder.state(), noon + std::chrono::days{20});
    constexpr Time boot{};
    const auto opened_after = [&](Duration more) {
        DoubleRatchet<Suite> reborn(restore(saved.reveal(), boot).value());
        return reborn.open(late, boot + more).has_value();
    };
    EXPECT_TRUE(opened_after(std::chrono::days{10}));
    EXPECT_FALSE(opened_after(std::chrono::days{11}));
}

}  // namespace
}  // namespace parley::ratchet
