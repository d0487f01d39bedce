// PROTOCOL 3.1 and 3.2: two flights, two confirmations.
#include "unit/ratchet/people.h"

#include "ratchet/flights.h"

namespace parley::ratchet {
namespace {

using namespace testing;

struct Flights {
    Pair pair;
    Initiator first = Initiator::start(pair.from_initiator(), pair.initiator.random);
    Response response = respond(pair.from_responder(), first.init(), pair.responder.random).value();

    Result<Finished> finish(ByteView answer) {
        return first.finish(pair.from_initiator(), answer, pair.initiator.random);
    }
};

TEST(Handshake, gives_both_sides_one_transcript_and_a_working_session) {
    Pair pair;
    auto sessions = shake_hands(pair);
    EXPECT_EQ(sessions.initiator.transcript(), sessions.responder.transcript());
    const auto hello_body = sessions.responder.seal(bytes_of("hello"), pair.responder.random).value();
    EXPECT_EQ(text(sessions.initiator.open(hello_body, noon)), "hello");
}

TEST(Handshake, is_begun_by_exactly_one_of_two) {
    Pair pair;
    EXPECT_TRUE(initiates(pair.initiator.who(), pair.responder.who()));
    EXPECT_FALSE(initiates(pair.responder.who(), pair.initiator.who()));
}

// Found by coverage: an Init in all else as it should be, sent to the one who initiates.
TEST(Handshake, is_not_answered_by_the_one_who_begins_it) {
    Flights flights;
    auto init = flights.first.init();
    const auto first_card = init.begin() + 2;
    std::swap_ranges(first_card, first_card + 32, first_card + 32);
    EXPECT_EQ(code(respond(flights.pair.from_initiator(), init, flights.pair.initiator.random)), Errc::wrong_state);
}

TEST(Handshake, lets_the_responder_seal_nothing_before_it_opened_the_confirmation) {
    Flights flights;
    EXPECT_FALSE(flights.response.session.confirmed());
    EXPECT_EQ(code(flights.response.session.seal(bytes_of("early"), flights.pair.responder.random)), Errc::wrong_state);
    const auto finished = flights.finish(flights.response.answer).value();
    EXPECT_TRUE(finished.session.confirmed());
    EXPECT_EQ(flights.response.session.open(finished.confirmation, noon).value().size(), 0U);
    EXPECT_TRUE(flights.response.session.confirmed());
    EXPECT_TRUE(flights.response.session.seal(bytes_of("now"), flights.pair.responder.random).has_value());
}

// FAULTS C06, C28, ATTACKS 17: whatever of either flight is changed, key, ciphertext, version or MAC.
TEST(Handshake, fails_when_any_bit_of_the_answer_is_changed) {
    Flights flights;
    for (std::size_t at = 0; at < flights.response.answer.size(); ++at) {
        auto answer = flights.response.answer;
        answer[at] = static_cast<std::uint8_t>(answer[at] ^ (1U << (at % 8)));
        EXPECT_FALSE(flights.finish(answer).has_value()) << "byte " << at;
    }
    EXPECT_TRUE(flights.finish(flights.response.answer).has_value()) << "the true answer still counts";
}

// FAULTS C06, C28
TEST(Handshake, fails_when_any_bit_of_the_init_is_changed_on_the_way) {
    Flights flights;
    for (std::size_t at = 0; at < flights.first.init().size(); at += 3) {
        auto init = flights.first.init();
        init[at] = static_cast<std::uint8_t>(init[at] ^ (1U << (at % 8)));
        const auto response = respond(flights.pair.from_responder(), init, flights.pair.responder.random);
        if (response) {
            EXPECT_FALSE(flights.finish(response->answer).has_value()) << "byte " << at;
        }
    }
}

// FAULTS C06: an active relay puts its own valid keys in place of each one in turn.
TEST(Handshake, fails_when_the_relay_swaps_an_ephemeral_for_its_own) {
    Flights flights;
    SeededRandom mallory("mallory");
    auto swapped = decode_init(flights.first.init()).value();
    swapped.key = crypto::P256PrivateKey::generate(mallory).public_key();
    auto response = respond(flights.pair.from_responder(), encode(swapped), flights.pair.responder.random).value();
    EXPECT_EQ(code(flights.finish(response.answer)), Errc::bad_tag);

    swapped = decode_init(flights.first.init()).value();
    swapped.encapsulation = crypto::DecapsulationKey::generate(mallory).encapsulation_key();
    response = respond(flights.pair.from_responder(), encode(swapped), flights.pair.responder.random).value();
    EXPECT_EQ(code(flights.finish(response.answer)), Errc::bad_tag);

    auto answer = decode_answer(flights.response.answer).value();
    answer.key = crypto::P256PrivateKey::generate(mallory).public_key();
    EXPECT_EQ(code(flights.finish(encode(answer))), Errc::bad_tag);
}

// The broken twin: an initiator that does not look at the MAC takes the swapped key, and only the MAC stands before
// that.
TEST(Handshake, twin_an_answer_is_well_formed_without_its_mac) {
    Flights flights;
    auto answer = decode_answer(flights.response.answer).value();
    answer.mac = {};
    EXPECT_TRUE(decode_answer(encode(answer)).has_value());
    EXPECT_EQ(code(flights.finish(encode(answer))), Errc::bad_tag);
}

// FAULTS C28: stripping ML-KEM, by an all-zero or a missing encapsulation key.
TEST(Handshake, knows_no_way_to_leave_the_lattice_out) {
    Flights flights;
    auto init = flights.first.init();
    std::fill(init.begin() + 131, init.begin() + 131 + 1184, std::uint8_t{0});
    const auto response = respond(flights.pair.from_responder(), init, flights.pair.responder.random);
    if (response) {
        EXPECT_EQ(code(flights.finish(response->answer)), Errc::bad_tag);
    }
    auto old = flights.first.init();
    old[1] = 0;
    EXPECT_EQ(code(respond(flights.pair.from_responder(), old, flights.pair.responder.random)), Errc::unknown_type);
}

// FAULTS C05, C07: another room, another card, another identity.
TEST(Handshake, binds_room_and_both_cards) {
    Flights flights;
    const RoomId other_room(FixedBytes<32>{8});
    auto context = flights.pair.from_responder();
    const Context elsewhere{other_room, context.us, context.them, context.our_card, context.their_card};
    auto response = respond(elsewhere, flights.first.init(), flights.pair.responder.random).value();
    EXPECT_EQ(code(flights.finish(response.answer)), Errc::bad_tag);

    const Bytes other_card(1024, 99);
    const Context carded{context.room, context.us, context.them, other_card, context.their_card};
    EXPECT_EQ(code(respond(carded, flights.first.init(), flights.pair.responder.random)), Errc::wrong_state);
}

// FAULTS C07
TEST(Handshake, fails_when_one_side_thinks_it_talks_to_another) {
    Flights flights;
    const Person stranger("stranger");
    const auto context = flights.pair.from_initiator();
    const Context misled{context.room, context.us, stranger.who(), context.our_card, context.their_card};
    EXPECT_EQ(code(flights.first.finish(misled, flights.response.answer, flights.pair.initiator.random)),
              Errc::bad_tag);
}

// FAULTS C03: reflected, or an identity's key in an ephemeral's place.
TEST(Handshake, refuses_our_own_key_and_identity_keys_as_ephemerals) {
    Flights flights;
    auto answer = decode_answer(flights.response.answer).value();
    answer.key = decode_init(flights.first.init()).value().key;
    EXPECT_EQ(code(flights.finish(encode(answer))), Errc::bad_key);
    answer.key = flights.pair.responder.who().agreement_key();
    EXPECT_EQ(code(flights.finish(encode(answer))), Errc::bad_key);
    auto init = decode_init(flights.first.init()).value();
    init.key = flights.pair.responder.who().agreement_key();
    EXPECT_EQ(code(respond(flights.pair.from_responder(), encode(init), flights.pair.responder.random)), Errc::bad_key);
}

// FAULTS C08, PROTOCOL 3.1: a replayed Init yields an answer that nobody confirms.
TEST(Handshake, replayed_gives_a_session_that_old_messages_do_not_confirm) {
    Flights flights;
    const auto finished = flights.finish(flights.response.answer).value();
    auto again = respond(flights.pair.from_responder(), flights.first.init(), flights.pair.responder.random).value();
    EXPECT_EQ(code(again.session.open(finished.confirmation, noon)), Errc::no_header_key);
    EXPECT_FALSE(again.session.confirmed());
}

/// Public ephemerals of handshakes, sorted; `fresh` draws on, otherwise every one starts from the same randomness.
std::vector<Bytes> ephemerals_of_handshakes(int count, bool fresh) {
    std::vector<Bytes> used;
    Pair pair;
    for (int i = 0; i < count; ++i) {
        SeededRandom random(fresh ? std::to_string(i) : "stuck");
        const auto first = Initiator::start(pair.from_initiator(), random);
        const auto response = respond(pair.from_responder(), first.init(), random).value();
        const auto init = decode_init(first.init()).value();
        const auto answer = decode_answer(response.answer).value();
        for (const ByteView key : {ByteView(init.key.view()), ByteView(init.encapsulation.view()),
                                   ByteView(answer.key.view()), ByteView(answer.encapsulation.view())}) {
            used.push_back(to_bytes(key));
        }
    }
    std::ranges::sort(used);
    return used;
}

// ATTACKS 12: every handshake makes its own keys.
TEST(Handshake, uses_no_ephemeral_twice) {
    const auto used = ephemerals_of_handshakes(20, true);
    EXPECT_EQ(std::ranges::adjacent_find(used), used.end());
}

TEST(Handshake, twin_with_a_stuck_generator_uses_them_again) {
    const auto used = ephemerals_of_handshakes(2, false);
    EXPECT_NE(std::ranges::adjacent_find(used), used.end());
}

// ATTACKS 12, twin included: the same object cannot finish a second time.
TEST(HandshakeDeathTest, stops_the_process_that_would_use_ephemerals_again) {
    Flights flights;
    ASSERT_TRUE(flights.finish(flights.response.answer).has_value());
    EXPECT_DEATH((void)flights.finish(flights.response.answer), "ephemerals");
}

// ATTACKS 1: one leaked ephemeral opens neither its own handshake nor a later one.
TEST(Handshake, survives_a_leaked_ephemeral) {
    Flights flights;
    SeededRandom mallory("mallory");
    // Mallory holds EK_i's private half (as the responder of her own making would) but no identity: her answer to the
    // same Init lacks DH(EK_i, IK_r) and DH(IK_i, EK_r) together, and the MAC shows it.
    const Person impostor("impostor");
    const auto context = flights.pair.from_responder();
    const auto forged =
        impostor.who() < context.them
            ? Result<Response>(fail(Errc::wrong_state, "not this way round"))
            : respond({context.room, impostor.identity, context.them, context.our_card, context.their_card},
                      flights.first.init(), mallory);
    if (forged) {
        EXPECT_EQ(code(flights.finish(forged->answer)), Errc::bad_tag);
    }
    EXPECT_TRUE(flights.finish(flights.response.answer).has_value());
}

TEST(Handshake, decoders_refuse_every_prefix_and_every_tail) {
    Flights flights;
    const auto& init = flights.first.init();
    for (std::size_t size = 0; size < init.size(); size += 7) EXPECT_FALSE(decode_init(ByteView(init).first(size)));
    auto tail = init;
    tail.back() = 1;
    EXPECT_EQ(code(decode_init(tail)), Errc::not_canonical);
    EXPECT_EQ(encode(decode_init(init).value()), init);
    EXPECT_EQ(encode(decode_answer(flights.response.answer).value()), flights.response.answer);
}

// ATTACKS 2
TEST(Body, has_a_kind_and_one_of_three_sizes) {
    EXPECT_EQ(kind_of(hello()).value(), BodyKind::hello);
    EXPECT_EQ(code(kind_of(Bytes(4095))), Errc::truncated);
    EXPECT_EQ(code(kind_of(Bytes{})), Errc::truncated);
    auto unknown = Bytes(4096);
    unknown[0] = 5;
    EXPECT_EQ(code(kind_of(unknown)), Errc::unknown_type);
    auto chunk = Bytes(65536);
    chunk[0] = 4;
    EXPECT_EQ(kind_of(chunk).value(), BodyKind::chunk);
    chunk.resize(16384);
    EXPECT_EQ(code(kind_of(chunk)), Errc::truncated);
    auto large_init = Bytes(16384);
    large_init[0] = 1;
    EXPECT_EQ(code(kind_of(large_init)), Errc::truncated);
    auto talkative = hello();
    talkative[100] = 1;
    EXPECT_EQ(code(kind_of(talkative)), Errc::not_canonical);
}

}  // namespace
}  // namespace parley::ratchet
