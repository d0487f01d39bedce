// A spoken code has one guess, whoever stands in between (PROTOCOL 2.6; ATTACKS 15, 16): every attack ends
// with both people told and nobody verified, or changes nothing.
#include "client/pairing.h"

#include <gmock/gmock.h>

#include "client/limits.h"
#include "crypto/hkdf.h"
#include "support/damage.h"
#include "wire/codec.h"
#include "world/pairing.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using hostile::Change;
using hostile::Direction;
using hostile::Passing;
using test::PairingKind;
using test::PairingWorld;

#if defined(PARLEY_SANITIZED)
constexpr std::size_t sweep_stride = 3001;
constexpr std::size_t wrong_codes = 300;
#else
constexpr std::size_t sweep_stride = 211;
constexpr std::size_t wrong_codes = 10'000;
#endif

constexpr PairingKind all_steps[] = {PairingKind::share, PairingKind::answer, PairingKind::proof,
                                     PairingKind::invitation, PairingKind::receipt};

Change::Applies posts(PairingKind kind) { return hostile::post_of_kind(static_cast<std::uint8_t>(kind)); }

/// Another code with the same nameplate.
std::string with_other_words(const std::string& code) {
    const auto other = code.substr(0, 4) + "-apple-river-stone";
    return other == code ? code.substr(0, 4) + "-apple-river-table" : other;
}

/// Anna makes a code, Ben says it into his terminal, and somebody may stand between them and the relay.
struct Two {
    PairingWorld world{};
    std::size_t anna;
    std::size_t ben = 0;

    explicit Two(std::shared_ptr<hostile::Interceptor> between = std::make_shared<hostile::Honest>()) {
        world.set_interceptor(std::move(between));
        anna = world.invite();
    }
    void join() { join(world.code_of(anna)); }
    void join(std::string_view code) { ben = world.join(code); }
    void finish() { world.run_for(2min); }

    bool both_met() { return world.met(anna, ben) && world.met(ben, anna); }
    bool both_told() { return world.was_told(anna) && world.was_told(ben); }
    bool one_guess() const {
        return world.posted(PairingKind::answer, anna) <= 1 && world.posted(PairingKind::proof, ben) <= 1;
    }
};

/// An exchange of two people with this in between.
std::unique_ptr<Two> attacked(Change::Applies applies, Change::Apply apply) {
    auto two = std::make_unique<Two>(std::make_shared<Change>(hostile::nth(0, std::move(applies)), std::move(apply)));
    two->join();
    two->finish();
    return two;
}

TEST(Pairing, brings_two_people_to_one_link_and_to_each_others_identity) {
    Two two;
    two.join();
    two.world.settle();
    ASSERT_TRUE(two.both_met());
    for (const auto who : {two.anna, two.ben}) {
        EXPECT_EQ(print((*two.world.result(who))->link), print(PairingWorld::link()));
        EXPECT_FALSE(two.world.stopped(who)->why);
    }
    EXPECT_TRUE(two.one_guess());
}

TEST(Pairing, ends_verified_once_the_handshake_is_confirmed_and_nobody_else_is) {
    Two two;
    two.join();
    two.world.settle();
    // Somebody else who holds the link.
    two.world.start(two.world.add({.name = "eve", .room_secret = to_bytes(PairingWorld::link().secret.reveal())}));
    for (const auto who : {two.anna, two.ben}) {
        const auto& met = **two.world.result(who);
        two.world.contacts(who).verify(met.peer, "");
        EXPECT_TRUE(two.world.shown<client::ChannelEstablished>(who).empty()) << "nothing is claimed before that";
        two.world.become(who, [&](client::Persona& persona, Random& random) {
            client::Config config{met.link.secret.duplicate(), who == two.anna ? "anna" : "ben", 600, {}};
            return std::make_unique<client::Client>(std::move(config), persona, random);
        });
        two.world.start(who);
    }
    two.world.settle(1s);
    for (const auto who : {two.anna, two.ben}) {
        const auto channels = two.world.shown<client::ChannelEstablished>(who);
        EXPECT_EQ(channels.size(), 2U);
        for (const auto& [person] : channels) {
            EXPECT_EQ(person.trust, person.name == "eve" ? client::Trust::not_verified : client::Trust::verified);
        }
    }
}

// ATTACKS 15
TEST(Pairing, with_another_code_tells_both_and_spends_it) {
    Two two;
    two.join(with_other_words(two.world.code_of(two.anna)));
    two.world.settle();
    EXPECT_TRUE(two.both_told());
    EXPECT_TRUE(two.one_guess());
    EXPECT_EQ(two.world.posted(PairingKind::proof, two.ben), 0U);
    EXPECT_EQ(two.world.result(two.ben)->error(), Errc::code_spent);
    EXPECT_EQ(two.world.result(two.anna)->error(), Errc::code_spent);
}

// ATTACKS 15.
TEST(Pairing, of_a_spent_code_finds_nobody) {
    Two two;
    const auto code = two.world.code_of(two.anna);
    two.join(with_other_words(code));
    two.world.settle();
    const auto again = two.world.join(code);
    two.world.settle();
    EXPECT_EQ(two.world.result(again)->error(), Errc::nobody_there);
    EXPECT_EQ(two.world.posted(PairingKind::share, again), 0U);
    EXPECT_TRUE(two.both_told());
    EXPECT_TRUE(two.one_guess());
}

TEST(Pairing, answers_no_second_share_while_the_first_is_under_way) {
    Two two(std::make_shared<Change>(posts(PairingKind::answer), hostile::drop));
    const auto code = two.world.code_of(two.anna);
    two.join(code);
    two.world.settle();
    const auto second = two.world.join(code);
    two.finish();
    EXPECT_TRUE(two.both_told());
    EXPECT_TRUE(two.world.was_told(second));
    EXPECT_EQ(two.world.posted(PairingKind::answer, two.anna), 1U);
    EXPECT_EQ(two.world.posted(PairingKind::share, second), 0U);
}

TEST(Pairing, survives_no_change_of_any_field_in_any_step) {
    for (const auto kind : all_steps) {
        std::vector<std::size_t> bits;
        // The fields in front byte by byte, the rest (boxes, padding) in strides.
        for (std::size_t byte = 0; byte < 120; byte += sweep_stride > 1000 ? 17 : 1)
            bits.push_back(byte * 8 + byte % 8);
        for (std::size_t bit = 120 * 8; bit < client::pairing_body * 8; bit += sweep_stride) bits.push_back(bit);
        bits.push_back(client::pairing_body * 8 - 1);
        for (const auto bit : bits) {
            const auto two = attacked(posts(kind), hostile::flip_bit(hostile::post_body_at * 8 + bit));
            ASSERT_TRUE(two->both_told()) << static_cast<int>(kind) << " bit " << bit;
            ASSERT_TRUE(two->one_guess()) << static_cast<int>(kind) << " bit " << bit;
        }
    }
}

TEST(Pairing, survives_no_body_of_another_size) {
    for (const auto kind : all_steps) {
        for (const std::size_t size : {0U, 1U, 2U, 67U, 4095U}) {
            const auto two = attacked(posts(kind), hostile::cut_to(hostile::post_body_at + size));
            EXPECT_TRUE(two->both_told()) << static_cast<int>(kind) << " cut to " << size;
            EXPECT_TRUE(two->one_guess());
        }
    }
}

TEST(Pairing, with_a_step_held_back_is_silence_and_tells_both) {
    for (const auto kind : all_steps) {
        auto two = Two(std::make_shared<Change>(posts(kind), hostile::drop));
        two.join();
        two.world.run_for(29s);
        EXPECT_FALSE(two.both_told()) << "patience is not over: " << static_cast<int>(kind);
        two.world.run_for(3s);
        EXPECT_TRUE(two.both_told()) << static_cast<int>(kind);
        EXPECT_TRUE(two.one_guess());
    }
}

TEST(Pairing, takes_a_step_that_comes_twice_for_one_or_burns) {
    for (const auto kind : all_steps) {
        const auto delivered = [kind](const Passing& passing) {
            return passing.direction == Direction::to_client && passing.frame[0] == wire::Deliver::type &&
                   passing.frame.size() > hostile::deliver_body_at &&
                   passing.frame[hostile::deliver_body_at] == static_cast<std::uint8_t>(kind);
        };
        const auto two = attacked(delivered, hostile::repeat);
        EXPECT_TRUE(two->both_met() || two->both_told()) << static_cast<int>(kind);
        EXPECT_TRUE(two->one_guess());
        EXPECT_TRUE(kind != PairingKind::share || two->both_met()) << "later shares are ignored";
    }
}

/// Where the body of a Post to one seat stands, to be read and replaced.
ByteView body_of(const Passing& passing) { return ByteView(passing.frame).subspan(hostile::post_body_at); }
Passing with_body(Passing passing, ByteView body) {
    passing.frame.resize(hostile::post_body_at);
    append(passing.frame, body);
    return passing;
}

// FAULTS C03.
TEST(Pairing, refuses_its_own_share_come_back) {
    class Mirror final : public hostile::Interceptor {
    public:
        std::vector<Passing> pass(Passing frame, Time) override {
            if (posts(PairingKind::share)(frame)) share_ = to_bytes(body_of(frame).subspan(2, 65));
            if (!posts(PairingKind::answer)(frame)) return {std::move(frame)};
            auto body = to_bytes(body_of(frame));
            std::ranges::copy(share_, body.begin() + 2);
            return {with_body(std::move(frame), body)};
        }

    private:
        Bytes share_;
    };
    Two two(std::make_shared<Mirror>());
    two.join();
    two.finish();
    EXPECT_TRUE(two.both_told());
    EXPECT_TRUE(two.one_guess());
}

/// A relay that plays the inviter to Ben and the joiner to Anna, with a code of its own.
class Between final : public hostile::Interceptor {
public:
    Between(const std::string& guess, Random& random)
        : random_(random),
          self_(identity::Identity::generate(random)),
          to_anna_(client::begin_to_join(code(guess), test::cheap_code, self_.public_identity(), random)),
          to_ben_(client::ready_to_invite(code(guess), test::cheap_code, PairingWorld::link(), self_.public_identity(),
                                          random)) {}

    const identity::PublicIdentity& identity() const { return self_.public_identity(); }

    std::vector<Passing> pass(Passing frame, Time) override {
        if (frame.direction == Direction::to_client || frame.frame[0] != wire::Post::type) return {std::move(frame)};
        const auto message = client::decode_pairing(body_of(frame));
        if (!message) return {std::move(frame)};
        auto body = std::visit([this](const auto& value) { return instead_of(value); }, *message);
        if (body.empty()) return {std::move(frame)};
        return {with_body(std::move(frame), body)};
    }

private:
    static identity::SpokenCode code(const std::string& text) { return identity::SpokenCode::parse(text).value(); }

    Bytes instead_of(const client::ShareMessage& share) {
        auto answered = std::move(to_ben_).answer(share).value();
        answer_to_ben_ = std::move(answered.post);
        ben_answered_.emplace(std::move(answered.state));
        return to_anna_.share();
    }
    Bytes instead_of(const client::AnswerMessage& answer) {
        if (auto proof = std::move(to_anna_).prove(answer, random_)) {
            proof_to_anna_ = std::move(proof->post);
            anna_proven_.emplace(std::move(proof->state));
        }
        return answer_to_ben_;
    }
    Bytes instead_of(const client::ProofMessage& proof) {
        if (auto invited = std::move(*ben_answered_).invite(proof, random_))
            invitation_to_ben_ = std::move(invited->post);
        return proof_to_anna_;
    }
    Bytes instead_of(const client::InvitationMessage& invitation) {
        if (auto met = std::move(*anna_proven_).accept(invitation, random_)) receipt_to_anna_ = std::move(met->post);
        return invitation_to_ben_;
    }
    Bytes instead_of(const client::ReceiptMessage&) { return receipt_to_anna_; }
    Bytes instead_of(const client::BurnedMessage&) { return {}; }

    Random& random_;
    identity::Identity self_;
    client::JoinerBegun to_anna_;
    client::InviterReady to_ben_;
    std::optional<client::InviterAnswered> ben_answered_;
    std::optional<client::JoinerProven> anna_proven_;
    Bytes answer_to_ben_, proof_to_anna_, invitation_to_ben_, receipt_to_anna_;
};

TEST(Pairing, keeps_out_a_relay_that_swaps_shares_without_the_code) {
    test::SeededRandom random(99);
    Two two;
    two.world.set_interceptor(std::make_shared<Between>(with_other_words(two.world.code_of(two.anna)), random));
    two.join();
    two.finish();
    EXPECT_TRUE(two.both_told());
    EXPECT_TRUE(two.one_guess());
}

TEST(Pairing, lets_in_only_who_guessed_the_code_at_once) {
    test::SeededRandom random(99);
    Two two;
    auto between = std::make_shared<Between>(two.world.code_of(two.anna), random);
    two.world.set_interceptor(between);
    two.join();
    two.finish();
    EXPECT_EQ((*two.world.result(two.anna))->peer, between->identity()) << "twin: the attack itself works";
    EXPECT_EQ((*two.world.result(two.ben))->peer, between->identity());
}

TEST(Pairing, leaves_a_nameplate_that_is_in_use) {
    const auto first = [] {
        Two two;
        return two.world.room_of(two.anna);
    }();
    PairingWorld world;
    // The same seat order and seeds: anna is the first who draws.
    const auto anna = world.add([](client::Persona& persona, Random& random) {
        return client::Pairing::invite({PairingWorld::link(), persona.identity.public_identity(), test::cheap_code},
                                       random);
    });
    world.stand_by(first);
    world.start(anna);
    world.settle();
    EXPECT_NE(world.room_of(anna), first);
    const auto ben = world.join(world.code_of(anna));
    world.settle();
    EXPECT_TRUE(world.met(anna, ben) && world.met(ben, anna));
}

/// Every nameplate is taken.
class Everywhere final : public hostile::Interceptor {
public:
    std::vector<Passing> pass(Passing frame, Time) override {
        const bool welcome = frame.direction == Direction::to_client && frame.frame[0] == wire::Welcome::type;
        if (!welcome) return {std::move(frame)};
        ++rooms;
        Bytes seat;
        wire::encode(wire::RelayFrame(wire::Seat{SeatId(FixedBytes<16>{9}), wire::Presence::present, {}}), seat);
        seat.erase(seat.begin(), seat.begin() + wire::length_size);
        return {frame, {frame.client, Direction::to_client, seat}};
    }
    int rooms = 0;
};

TEST(Pairing, gives_up_where_every_nameplate_is_in_use) {
    auto everywhere = std::make_shared<Everywhere>();
    PairingWorld world;
    world.set_interceptor(everywhere);
    const auto anna = world.invite();
    EXPECT_TRUE(world.was_told(anna));
    EXPECT_EQ(world.result(anna)->error(), Errc::refused);
    EXPECT_EQ(everywhere->rooms, client::max_code_draws);
}

TEST(Pairing, of_a_crowded_room_is_given_up_and_both_are_told) {
    Two two;
    two.world.stand_by(two.world.room_of(two.anna));
    two.join();
    two.finish();
    EXPECT_TRUE(two.both_told());
    EXPECT_EQ(two.world.posted(PairingKind::answer, two.anna), 0U);
}

TEST(Pairing, goes_on_whatever_a_third_party_says_once_it_began) {
    for (const auto& noise : {client::encode(client::BurnedMessage{}), client::encode(client::ShareMessage{}),
                              client::encode(client::AnswerMessage{}), client::encode(client::ProofMessage{}),
                              client::encode(client::InvitationMessage{}), client::encode(client::ReceiptMessage{}),
                              Bytes{}, Bytes(4096, 0xff)}) {
        Two two;
        two.join();
        while (two.world.posted(PairingKind::answer, two.anna) == 0) two.world.run_for(1ms);
        const auto mallory = two.world.add([&](client::Persona&, Random& random) {
            return std::make_unique<test::Bystander>(two.world.room_of(two.anna), random);
        });
        two.world.start(mallory);
        for (int i = 0; i < 50; ++i) {
            two.world.say(mallory, noise);
            two.world.run_for(1ms);
        }
        two.finish();
        EXPECT_TRUE(two.both_met());
        EXPECT_TRUE(two.one_guess());
    }
}

// ATTACKS 15
TEST(Pairing, is_burned_by_a_third_party_that_comes_first_and_by_nothing_more) {
    PairingWorld recorded(5);
    const auto earlier = recorded.invite();
    const auto earlier_ben = recorded.join(recorded.code_of(earlier));
    recorded.settle();
    const auto old_share = std::ranges::find_if(recorded.wire(), posts(PairingKind::share));
    ASSERT_TRUE(recorded.met(earlier_ben, earlier) && old_share != recorded.wire().end());

    for (const auto& first : {to_bytes(body_of(*old_share)), client::encode(client::BurnedMessage{}), Bytes(4096)}) {
        Two two;
        const auto mallory = two.world.stand_by(two.world.room_of(two.anna));
        two.world.say(mallory, first);
        two.world.run_for(31s);
        EXPECT_TRUE(two.world.was_told(two.anna));
        two.join();
        two.finish();
        EXPECT_TRUE(two.both_told());
        EXPECT_TRUE(two.one_guess());
    }
}

TEST(Pairing, ends_after_ten_minutes_without_anybody) {
    Two two;
    two.world.run_for(9min + 58s);
    EXPECT_FALSE(two.world.was_told(two.anna));
    two.world.run_for(4s);
    EXPECT_TRUE(two.world.was_told(two.anna));
    EXPECT_EQ(two.world.result(two.anna)->error(), Errc::nobody_there);
    two.join();
    two.finish();
    EXPECT_TRUE(two.both_told());
}

TEST(Pairing, of_a_code_nobody_made_ends_at_once) {
    PairingWorld world;
    const auto ben = world.join("0815-apple-river-stone");
    world.settle();
    EXPECT_EQ(world.result(ben)->error(), Errc::nobody_there);
    EXPECT_EQ(world.posted(PairingKind::share, ben), 0U);
}

// Whatever the last message is, it can be lost. So: never a wrong person, and one alone only after each has
// proven the code to the other and the receipt was on its way.
TEST(Pairing, that_loses_a_connection_at_any_moment_tells_both_or_lost_only_its_end) {
    for (const bool annas : {false, true}) {
        int told = 0;
        for (int moment = 1; moment < 40; ++moment) {
            Two two;
            two.join();
            two.world.run_for(moment * 1ms);
            two.world.cut(annas ? two.anna : two.ben);
            two.world.run_for(11min);  // before Ben began, Anna goes on waiting for the rest of her ten minutes
            told += two.both_told() ? 1 : 0;
            const bool receipt = two.world.posted(PairingKind::receipt, two.ben) > 0;
            EXPECT_TRUE(two.both_told() || two.both_met() || receipt) << moment;
            for (const auto who : {two.anna, two.ben}) {
                EXPECT_TRUE(two.world.was_told(who) || two.world.met(who, who == two.anna ? two.ben : two.anna));
            }
            EXPECT_TRUE(two.one_guess());
        }
        EXPECT_GT(told, 5) << "the moments of the exchange were among these";
    }
}

/// Both are in the middle of it: the proof was kept back.
std::unique_ptr<Two> in_the_middle() {
    auto two = std::make_unique<Two>(std::make_shared<Change>(posts(PairingKind::proof), hostile::drop));
    two->join();
    two->world.settle();
    return two;
}

TEST(Pairing, tells_both_at_once_when_one_of_them_is_gone) {
    for (const bool annas : {false, true}) {
        const auto two = in_the_middle();
        two->world.cut(annas ? two->anna : two->ben);
        two->world.settle();
        EXPECT_TRUE(two->both_told()) << "without waiting for silence";
    }
    const auto two = in_the_middle();
    EXPECT_FALSE(two->world.was_told(two->anna) || two->world.was_told(two->ben)) << "twin: nobody is gone";
}

TEST(Pairing, that_loses_the_relay_tells_both) {
    const auto two = in_the_middle();
    two->world.kill_relay();
    EXPECT_TRUE(two->both_told());
}

TEST(Pairing, without_a_relay_says_so) {
    PairingWorld world;
    world.kill_relay();
    const auto ben = world.join("0815-apple-river-stone");
    EXPECT_EQ(world.result(ben)->error(), Errc::unreachable);
}

/// The relay says this to Ben once his share has passed.
std::unique_ptr<Two> told_by_the_relay(const wire::RelayFrame& word) {
    Bytes frame;
    wire::encode(word, frame);
    frame.erase(frame.begin(), frame.begin() + wire::length_size);
    return attacked(posts(PairingKind::share), [frame](Passing share) -> std::vector<Passing> {
        const Passing said{share.client, Direction::to_client, frame};
        return {std::move(share), said};
    });
}

TEST(Pairing, goes_no_further_where_the_relay_lost_or_refused_something) {
    for (const auto& word :
         std::initializer_list<wire::RelayFrame>{wire::Full{1}, wire::Gap{1, 1}, wire::Refused{}, wire::Restarting{}}) {
        const auto two = told_by_the_relay(word);
        EXPECT_TRUE(two->both_told()) << word.index();
        EXPECT_TRUE(two->one_guess());
    }
    EXPECT_TRUE(told_by_the_relay(wire::Pong{})->both_met()) << "twin: a word that means nothing here";
}

TEST(Pairing, refuses_its_own_identity) {
    // The same person at both ends: two programs of one profile, or somebody who copied its key.
    PairingWorld world;
    const auto anna = world.invite();
    const auto code = world.code_of(anna);
    const auto ben = world.add([&](client::Persona&, Random& random) {
        return client::Pairing::join(
            {identity::SpokenCode::parse(code).value(), world.identity(anna), test::cheap_code}, random);
    });
    world.start(ben);
    world.settle();
    EXPECT_TRUE(world.was_told(anna) && world.was_told(ben));
}

// The inviter's leave may be kept from the joiner: it has everything, and nobody said "burned".
TEST(Pairing, does_not_wait_for_ever_for_the_inviters_leave) {
    const auto gone = [](const Passing& passing) {
        return passing.direction == Direction::to_client && passing.frame[0] == wire::Seat::type &&
               passing.frame.at(17) == static_cast<std::uint8_t>(wire::Presence::gone);
    };
    const auto two = attacked(gone, hostile::drop);
    EXPECT_TRUE(two->both_met());
}

TEST(Pairing, shows_the_relay_bodies_of_one_size_and_neither_words_nor_link_nor_identities) {
    Two two;
    two.join();
    two.world.settle();
    ASSERT_TRUE(two.both_met());
    for (const auto& passing : two.world.wire()) {
        if (passing.frame[0] != wire::Post::type) continue;
        EXPECT_EQ(body_of(passing).size(), client::pairing_body);
    }
    const auto code = two.world.code_of(two.anna);
    const auto words = code.substr(5);
    const auto word = words.substr(0, words.find('-'));
    const auto hash = identity::SpokenCode::parse(code)->password(test::cheap_code);
    const auto link = PairingWorld::link();
    const auto text = print(link);
    for (const auto needle : {bytes_of(code), bytes_of(words), bytes_of(word), ByteView(hash.reveal()), bytes_of(text),
                              ByteView(link.secret.reveal())}) {
        EXPECT_FALSE(two.world.was_on_the_wire(needle));
    }
    EXPECT_FALSE(two.world.was_on_the_wire(two.world.identity(two.anna).bytes()));
    EXPECT_FALSE(two.world.was_on_the_wire(two.world.identity(two.ben).bytes()));
    EXPECT_TRUE(two.world.was_on_the_wire(two.world.room_of(two.anna).view())) << "the search finds what is there";
}

/// Everything a relay has of one exchange.
struct Recorded {
    client::AnswerMessage answer;
    client::ShareMessage share;
    client::ProofMessage proof;
};

template <class Message>
Message recorded(const PairingWorld& world, PairingKind kind) {
    const auto found = std::ranges::find_if(world.wire(), posts(kind));
    return std::get<Message>(client::decode_pairing(body_of(*found)).value());
}

/// Plays each part again with the recorded values: true if anything tells this code from another.
bool fits(const Recorded& seen, const identity::SpokenCode& code, const identity::PublicIdentity& self,
          Random& random) {
    auto as_joiner = client::begin_to_join(code, test::cheap_code, self, random);
    if (std::move(as_joiner).prove(seen.answer, random)) return true;
    auto as_inviter = client::ready_to_invite(code, test::cheap_code, PairingWorld::link(), self, random);
    auto answered = std::move(as_inviter).answer(seen.share);
    return !answered || std::move(answered->state).invite(seen.proof, random).has_value();
}

// ATTACKS 16: who records everything can test no code at home; not even the right one looks different.
TEST(Pairing, gives_whoever_recorded_it_no_way_to_test_a_code) {
    Two two;
    two.join();
    two.world.settle();
    ASSERT_TRUE(two.both_met());
    const Recorded seen{recorded<client::AnswerMessage>(two.world, PairingKind::answer),
                        recorded<client::ShareMessage>(two.world, PairingKind::share),
                        recorded<client::ProofMessage>(two.world, PairingKind::proof)};
    const auto code = two.world.code_of(two.anna);
    test::SeededRandom random(7);
    const auto& self = two.world.identity(two.ben);
    EXPECT_FALSE(fits(seen, identity::SpokenCode::parse(code).value(), self, random)) << "the right one";
    std::size_t fitting = 0;
    for (std::size_t i = 0; i < wrong_codes; ++i) {
        const auto words = identity::SpokenCode::draw(random).print().substr(4);
        fitting += fits(seen, identity::SpokenCode::parse(code.substr(0, 4) + words).value(), self, random) ? 1 : 0;
    }
    EXPECT_EQ(fitting, 0U);
}

/// Twin: the same words as a key, as the plain scheme would use them.
TEST(Pairing, whose_words_were_a_key_would_give_the_code_away) {
    const auto box_of = [](std::string_view code) {
        const auto key = identity::SpokenCode::parse(code)->password(test::cheap_code);
        return crypto::hkdf<32>({}, key.reveal(), {bytes_of("a key from a code")});
    };
    const auto tag = to_bytes(box_of("0815-apple-river-stone").reveal());
    EXPECT_TRUE(equal(box_of("0815-apple-river-stone").reveal(), tag)) << "the right code fits what was recorded";
    EXPECT_FALSE(equal(box_of("0815-apple-river-table").reveal(), tag)) << "and a wrong one does not";
}

TEST(PairingMessage, has_one_encoding_each) {
    const client::PairingMessage messages[] = {client::ShareMessage{},   client::AnswerMessage{},
                                               client::ProofMessage{},   client::InvitationMessage{},
                                               client::ReceiptMessage{}, client::BurnedMessage{}};
    for (const auto& message : messages) {
        const auto body = client::encode(message);
        ASSERT_EQ(body.size(), client::pairing_body);
        EXPECT_EQ(body[0], 0x10 + message.index());
        EXPECT_EQ(client::encode(client::decode_pairing(body).value()), body);
        auto other_version = body;
        other_version[1] = 2;
        EXPECT_EQ(client::decode_pairing(other_version).error(), Errc::unknown_type);
        EXPECT_EQ(client::decode_pairing(test::extended_by(body, 0)).error(), Errc::truncated);
    }
    auto padded = client::encode(client::BurnedMessage{});
    padded.back() = 1;
    EXPECT_EQ(client::decode_pairing(padded).error(), Errc::not_canonical);
    padded[0] = 0x16;
    EXPECT_EQ(client::decode_pairing(padded).error(), Errc::unknown_type);
}

}  // namespace
}  // namespace parley
