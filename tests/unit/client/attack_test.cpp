// What a hostile relay can try, and what the people at both ends are told (ATTACKS 1, 3, 6, 7, 17, 18, 26).
#include <gmock/gmock.h>

#include "client/limits.h"
#include "hostile/look.h"
#include "ratchet/body.h"
#include "wire/codec.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using hostile::Change;
using hostile::Direction;
using hostile::Passing;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

#if defined(PARLEY_SANITIZED)
constexpr std::size_t bit_stride = 97;
#else
constexpr std::size_t bit_stride = 1;
#endif

constexpr auto init = static_cast<std::uint8_t>(ratchet::BodyKind::init);
constexpr auto answer = static_cast<std::uint8_t>(ratchet::BodyKind::answer);
constexpr auto message = static_cast<std::uint8_t>(ratchet::BodyKind::message);

/// Everything shown to anybody was said by the one it is shown for, and shown once.
bool is_honest(const World& world, std::size_t people, const std::vector<std::string>& said) {
    for (std::size_t who = 0; who < people; ++who) {
        auto shown = world.messages(who);
        std::ranges::sort(shown);
        if (std::ranges::adjacent_find(shown) != shown.end()) return false;
        for (const auto& text : shown) {
            if (std::ranges::find(said, text) == said.end()) return false;
        }
    }
    return true;
}

std::vector<AlarmKind> all_alarms(const World& world, std::size_t people) {
    std::vector<AlarmKind> all;
    for (std::size_t who = 0; who < people; ++who) {
        const auto alarms = world.alarms(who);
        all.insert(all.end(), alarms.begin(), alarms.end());
    }
    return all;
}

const std::vector<std::string> said{"anna: one", "anna: two", "ben: three", "ben: four"};

/// A short conversation of two with somebody in between.
void talk(World& world, std::shared_ptr<hostile::Interceptor> interceptor) {
    world.set_interceptor(std::move(interceptor));
    world.start_all({"anna", "ben"});
    world.settle(1s);
    world.say(0, "one");
    world.settle(1s);
    world.say(1, "three");
    world.settle(1s);
    world.say(0, "two");
    world.say(1, "four");
    world.run_for(90s);
}

TEST(Attack, WithoutOneThereIsNoAlarmAndEverythingArrives) {
    World world;
    talk(world, std::make_shared<hostile::Honest>());
    EXPECT_THAT(all_alarms(world, 2), IsEmpty());
    EXPECT_THAT(world.messages(0), ElementsAre("ben: three", "ben: four"));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
}

TEST(Attack, TheOracleItselfFindsForgeriesAndRepetitions) {
    World world;
    talk(world, std::make_shared<hostile::Honest>());
    EXPECT_TRUE(is_honest(world, 2, said));
    EXPECT_FALSE(is_honest(world, 2, {"anna: one"}));  // somebody was shown what nobody said
}

/// A member, who knows the room's key, shows a card whose certificate is not of its keys.
class FalseMember final : public hostile::Interceptor {
public:
    std::vector<Passing> pass(Passing passing, Time) override {
        if (passing.direction != Direction::to_relay || passing.client != 1) return {std::move(passing)};
        const auto frame = wire::decode_client(passing.frame).value();
        if (const auto* join = std::get_if<wire::Join>(&frame)) place_ = {join->room, join->seat};
        if (const auto* card = std::get_if<wire::Card>(&frame)) passing.frame = falsified(card->sealed.bytes);
        return {std::move(passing)};
    }

private:
    Bytes falsified(ByteView sealed) {
        constexpr std::size_t certificate_at = 1 + 8 + 130;
        auto plaintext = identity::open_card(sealed, key_, place_).value();
        plaintext[certificate_at] ^= 1;
        const auto again = identity::seal_card(plaintext, key_, place_, random_);
        Bytes frame;
        wire::encode(wire::ClientFrame(wire::Card{{again}}), frame);
        return to_bytes(ByteView(frame).subspan(wire::length_size));
    }

    test::SeededRandom random_{3};
    identity::RoomKey key_ = identity::room_key(identity::RoomSecret(ByteView(Bytes(32, 1)).first<32>()));
    identity::Place place_{};
};

// ATTACKS 17, 20
TEST(Attack, ACardThatContradictsItselfIsNamedAndLeadsToNothing) {
    World world;
    world.set_interceptor(std::make_shared<FalseMember>());
    world.start_all({"anna", "ben"});
    world.settle(2s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::bad_card));
    EXPECT_THAT(world.shown<client::ChannelEstablished>(0), IsEmpty());
}

/// One public value of the handshake: which flight it is in, and where.
struct PublicValue {
    std::uint8_t flight;
    std::size_t offset;  ///< of a byte of it within the body
    const char* name;
};

class SwappedValue : public testing::TestWithParam<PublicValue> {};

// FAULTS C05, C06, C28, ATTACKS 17: each value, in the first handshake only. The handshake is named as broken, no
// channel is made of it, and the honest repetition makes one.
TEST_P(SwappedValue, IsNamedAndNeverAccepted) {
    const auto& value = GetParam();
    World world;
    const auto bit = (hostile::post_body_at + value.offset) * 8 + 3;
    const auto attack =
        std::make_shared<Change>(hostile::nth(0, hostile::post_of_kind(value.flight)), hostile::flip_bit(bit));
    talk(world, attack);
    ASSERT_EQ(attack->times(), 1U);
    EXPECT_THAT(all_alarms(world, 2), Not(IsEmpty()));
    EXPECT_TRUE(is_honest(world, 2, said));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
}

INSTANTIATE_TEST_SUITE_P(Handshake, SwappedValue,
                         testing::Values(PublicValue{init, 10, "first_card_hash"},
                                         PublicValue{init, 40, "second_card_hash"},
                                         PublicValue{init, 80, "ephemeral_key"},
                                         PublicValue{init, 500, "encapsulation_key"},
                                         PublicValue{answer, 30, "ephemeral_key_of_the_answer"},
                                         PublicValue{answer, 500, "encapsulation_key_of_the_answer"},
                                         PublicValue{answer, 1500, "ciphertext"}, PublicValue{answer, 2345, "mac"},
                                         PublicValue{message, 5, "nonce_of_the_confirmation"},
                                         PublicValue{message, 200, "header_of_the_confirmation"},
                                         PublicValue{message, 3000, "content_of_the_confirmation"}),
                         [](const auto& each) { return std::string(each.param.name); });

// ATTACKS 7, 17: a seat's card is shown as another's. Cards are bound to their seat.
TEST(Attack, ACardMovedToAnotherSeatDoesNotOpen) {
    World world;
    Bytes card_of_ben;
    const auto attack = std::make_shared<Change>(
        [](const Passing& passing) {
            return passing.direction == Direction::to_relay && passing.frame[0] == wire::Card::type;
        },
        [&](Passing passing) {
            if (passing.client == 1) card_of_ben = passing.frame;
            else if (!card_of_ben.empty()) passing.frame = card_of_ben;
            return std::vector{passing};
        });
    world.set_interceptor(attack);
    world.add({.name = "anna"});
    world.add({.name = "ben"});
    world.start(1);
    world.settle();
    world.start(0);
    world.run_for(60s);
    EXPECT_THAT(world.alarms(1), Contains(AlarmKind::bad_card));
    EXPECT_THAT(world.shown<client::ChannelEstablished>(1), IsEmpty());
}

TEST(Attack, AFlippedBitInACardIsNamed) {
    World world;
    talk(world, std::make_shared<Change>(hostile::nth(0, hostile::of_type(Direction::to_relay, wire::Card::type)),
                                         hostile::flip_bit(800 * 8)));
    EXPECT_THAT(all_alarms(world, 2), Contains(AlarmKind::bad_card));
    EXPECT_TRUE(is_honest(world, 2, said));
}

// FAULTS R10: every bit of every sealed body that reaches a client, while the honest one follows.
class DamagedFlight : public testing::TestWithParam<std::size_t> {};

// FAULTS R10
TEST_P(DamagedFlight, EveryFlippedBitIsRefusedAndTheHonestFrameStillOpens) {
    World world;
    const auto attack =
        std::make_shared<Change>(hostile::nth(GetParam(), hostile::of_type(Direction::to_client, wire::Deliver::type)),
                                 hostile::spray_flipped(hostile::deliver_body_at, bit_stride));
    talk(world, attack);
    ASSERT_EQ(attack->times(), 1U);
    EXPECT_TRUE(is_honest(world, 2, said));
    EXPECT_THAT(all_alarms(world, 2), Not(IsEmpty()));
    EXPECT_THAT(world.messages(0), ElementsAre("ben: three", "ben: four"));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
}

// FAULTS R11: every prefix of every sealed body.
TEST_P(DamagedFlight, EveryPrefixIsRefusedAndTheHonestFrameStillOpens) {
    World world;
    const auto attack =
        std::make_shared<Change>(hostile::nth(GetParam(), hostile::of_type(Direction::to_client, wire::Deliver::type)),
                                 hostile::spray_prefixes(hostile::deliver_body_at, 1));
    talk(world, attack);
    ASSERT_EQ(attack->times(), 1U);
    EXPECT_TRUE(is_honest(world, 2, said));
    EXPECT_THAT(all_alarms(world, 2), Contains(AlarmKind::bad_frame));
    EXPECT_THAT(world.messages(0), ElementsAre("ben: three", "ben: four"));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
}

INSTANTIATE_TEST_SUITE_P(EachDelivery, DamagedFlight, testing::Range<std::size_t>(0, 8));

// FAULTS R10, R11, ATTACKS 1: fields that the relay itself sets. It may break the connection, it may not forge.
TEST(Attack, EveryFlippedBitInTheRelaysOwnFieldsForgesNothing) {
    for (std::size_t bit = 0; bit < hostile::deliver_body_at * 8; bit += std::max<std::size_t>(1, bit_stride / 10)) {
        World world;
        talk(world,
             std::make_shared<Change>(hostile::nth(3, hostile::of_type(Direction::to_client, wire::Deliver::type)),
                                      hostile::flip_bit(bit)));
        EXPECT_TRUE(is_honest(world, 2, said)) << "bit " << bit;
    }
}

// FAULTS R10: bits of what a client sends. The relay routes an opaque body or closes that connection.
TEST(Attack, EveryFlippedBitOnTheWayToTheRelayForgesNothing) {
    struct Sweep {
        std::uint8_t type;
        std::size_t size;
        std::size_t stride;
    };
    for (const auto& [type, size, stride] : {Sweep{wire::Join::type, 88, 1}, Sweep{wire::Card::type, 1089, 41},
                                             Sweep{wire::Post::type, 4122, 149}, Sweep{wire::Ack::type, 9, 1}}) {
        for (std::size_t bit = 0; bit < size * 8; bit += stride * std::max<std::size_t>(1, bit_stride / 5)) {
            World world;
            talk(world, std::make_shared<Change>(hostile::nth(1, hostile::of_type(Direction::to_relay, type)),
                                                 hostile::flip_bit(bit)));
            EXPECT_TRUE(is_honest(world, 2, said)) << "type " << int{type} << " bit " << bit;
        }
    }
}

// FAULTS R11: truncation at every byte.
TEST(Attack, ATruncatedFrameBreaksTheConnectionAndForgesNothing) {
    for (std::size_t size = 1; size < 4200; size += 131) {
        World world;
        talk(world,
             std::make_shared<Change>(hostile::nth(3, hostile::of_type(Direction::to_client, wire::Deliver::type)),
                                      hostile::cut_to(size)));
        EXPECT_TRUE(is_honest(world, 2, said)) << "size " << size;
        EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two")) << "size " << size;
    }
}

// FAULTS C08, R11: each delivery comes twice.
TEST(Attack, ARepeatedFrameIsShownOnceAndNamed) {
    for (std::size_t n = 0; n < 6; ++n) {
        World world;
        talk(world, std::make_shared<Change>(
                        hostile::nth(n, hostile::of_type(Direction::to_client, wire::Deliver::type)), hostile::repeat));
        EXPECT_TRUE(is_honest(world, 2, said)) << n;
        EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two")) << n;
        if (n >= 3) {
            EXPECT_THAT(all_alarms(world, 2), Contains(AlarmKind::repeated)) << n;
        }
    }
}

// FAULTS C08: everything that was recorded comes again, much later.
TEST(Attack, AReplayedSessionShowsNothingTwice) {
    World world;
    std::vector<Passing> recorded;
    bool replaying = false;
    world.set_interceptor(
        std::make_shared<Change>(hostile::of_type(Direction::to_client, wire::Deliver::type), [&](Passing passing) {
            if (!replaying) {
                recorded.push_back(passing);
                return std::vector{passing};
            }
            replaying = false;
            auto all = recorded;
            all.push_back(passing);
            return all;
        }));
    world.start_all({"anna", "ben"});
    world.settle(1s);
    world.say(0, "one");
    world.settle(1s);
    world.say(1, "three");
    world.settle(1s);
    replaying = true;
    world.say(0, "two");
    world.settle(5s);
    EXPECT_TRUE(is_honest(world, 2, said));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: one", "anna: two"));
    EXPECT_THAT(all_alarms(world, 2), Contains(AlarmKind::repeated));
}

// FAULTS C10, R11: what is dropped is named, asked for, and arrives in its order.
TEST(Attack, ADroppedMessageIsAskedForAndArrives) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    const auto attack = std::make_shared<Change>(hostile::nth(0, hostile::post_of_kind(message)), hostile::drop);
    world.set_interceptor(attack);
    world.say(0, "dropped");
    world.say(0, "second");
    world.run_for(60s);
    ASSERT_EQ(attack->times(), 1U);
    auto shown = world.messages(1);
    std::ranges::sort(shown);
    EXPECT_THAT(shown, ElementsAre("anna: dropped", "anna: second"));
    EXPECT_EQ(world.line(0, 1), client::LineState::opened);
}

TEST(Attack, MessagesThatTheRelayHoldsBackForGoodAreNamed) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    bool dropping = false;
    world.set_interceptor(std::make_shared<Change>(
        [&](const Passing& passing) {
            return dropping && passing.client == 0 && hostile::post_of_kind(message)(passing);
        },
        hostile::drop));
    dropping = true;
    world.say(0, "never arrives");
    world.run_for(1ms);
    dropping = false;
    world.say(0, "arrives");
    dropping = true;
    world.run_for(20s);
    EXPECT_THAT(world.alarms(1), Contains(AlarmKind::missing));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: arrives"));
}

TEST(Attack, WithheldAcknowledgementsAreNamedAtTheSender) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    world.set_interceptor(std::make_shared<Change>(
        [](const Passing& passing) {
            return passing.client == 1 && passing.direction == Direction::to_relay &&
                   passing.frame[0] == wire::Post::type;
        },
        hostile::drop));
    world.say(0, "did it arrive?");
    world.run_for(40s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::unacknowledged));
    EXPECT_THAT(world.messages(1), ElementsAre("anna: did it arrive?"));
}

// ATTACKS 26: the relay hides a message from one member; the others' heads tell.
TEST(Attack, AMessageHiddenFromOneMemberIsNamedThroughTheOthers) {
    World world;
    world.start_all({"anna", "ben", "clara"});
    world.settle(4s);
    std::size_t left = 2;
    world.set_interceptor(std::make_shared<Change>(
        [&](const Passing& passing) {
            const bool to_clara = passing.client == 2 && passing.direction == Direction::to_client &&
                                  passing.frame[0] == wire::Deliver::type;
            return to_clara && left > 0;
        },
        [&](Passing) {
            --left;
            return std::vector<Passing>{};
        }));
    world.say(0, "not for clara");
    world.run_for(100ms);
    left = 0;
    world.say(1, "ben has seen it");
    world.run_for(12s);
    EXPECT_THAT(world.alarms(2), Contains(AlarmKind::missing));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

// FAULTS C08, C27, ATTACKS 3: bodies handed to another member, or shown as another's.
TEST(Attack, AFrameShownAsAnothersIsRefused) {
    World world;
    world.start_all({"anna", "ben", "clara"});
    world.settle(4s);
    std::optional<SeatId> seat_of_clara;
    world.set_interceptor(
        std::make_shared<Change>(hostile::of_type(Direction::to_client, wire::Deliver::type), [&](Passing passing) {
            const auto frame = wire::decode_relay(passing.frame);
            auto deliver = std::get<wire::Deliver>(*frame);
            if (passing.client == 2) return std::vector{passing};
            if (!seat_of_clara) {
                seat_of_clara = deliver.from;
                return std::vector{passing};
            }
            if (deliver.from == *seat_of_clara) return std::vector{passing};
            deliver.from = *seat_of_clara;
            const auto body = to_bytes(deliver.body.bytes);
            deliver.body.bytes = body;
            Bytes encoded;
            wire::encode(wire::RelayFrame(deliver), encoded);
            passing.frame = to_bytes(ByteView(encoded).subspan(wire::length_size));
            return std::vector{passing};
        }));
    world.say(2, "i am clara");
    world.run_for(100ms);
    world.say(0, "i am anna");
    world.run_for(10s);
    for (const auto& text : world.messages(1)) EXPECT_NE(text, "clara: i am anna");
    EXPECT_THAT(world.alarms(1), Contains(AlarmKind::bad_frame));
}

// The lobby: its secret is public, so somebody can sit in between. It is another person, and never verified.
// ATTACKS 7
TEST(Attack, InTheLobbyASwappedIdentityIsAnotherUnverifiedPerson) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    world.command(0, client::ShowSafetyNumber{});
    world.command(0, client::Verify{{}, world.shown<client::SafetyNumber>(0).at(0).digits});
    const auto mallory = world.add({.name = "Ben"});  // the name, but not the key
    world.start(mallory);
    world.run_for(20s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::key_changed));
    EXPECT_EQ(world.shown<client::ChannelEstablished>(0).size(), 1U);
    world.say(0, "for ben only");
    world.run_for(5s);
    EXPECT_THAT(world.messages(mallory), IsEmpty());
    EXPECT_THAT(world.messages(1), ElementsAre("anna: for ben only"));
    // A person decides; and then it is still another person, not verified.
    world.command(0, client::Accept{{"Ben"}});
    world.run_for(20s);
    const auto channels = world.shown<client::ChannelEstablished>(0);
    ASSERT_EQ(channels.size(), 2U);
    EXPECT_EQ(channels[1].person.trust, client::Trust::not_verified);
}

TEST(Attack, AHandshakeHeldBackIsNamed) {
    World world;
    world.set_interceptor(std::make_shared<Change>(hostile::post_of_kind(answer), hostile::drop));
    world.start_all({"anna", "ben"});
    world.run_for(90s);
    EXPECT_THAT(all_alarms(world, 2), Contains(AlarmKind::handshake_withheld));
    EXPECT_THAT(world.shown<client::ChannelEstablished>(0), IsEmpty());
}

// FAULTS C09, H11, R11: neighbours change places.
TEST(Attack, ReorderedFramesAreShownInTheirOrder) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    std::optional<Passing> held;
    world.set_interceptor(std::make_shared<Change>(
        [](const Passing& passing) {
            return passing.client == 1 && hostile::of_type(Direction::to_client, wire::Deliver::type)(passing);
        },
        [&](Passing passing) {
            if (!held) {
                held = passing;
                return std::vector<Passing>{};
            }
            const auto first = *std::exchange(held, std::nullopt);
            return std::vector{passing, first};
        }));
    for (const auto* text : {"1", "2", "3", "4", "5", "6"}) world.say(0, text);
    world.run_for(1s);
    EXPECT_THAT(world.messages(1), ElementsAre("anna: 1", "anna: 2", "anna: 3", "anna: 4", "anna: 5", "anna: 6"));
}

// The relay's memory guard may let go of an acknowledgement of the session, and says so: it is asked for.
TEST(Attack, AnAcknowledgementThatTheRelayForgotIsSaidAgainAtOnce) {
    World world;
    bool forgets = false;
    world.set_interceptor(std::make_shared<Change>(
        [&](const Passing& passing) {
            const bool for_anna = passing.client == 0 && hostile::delivered(passing, ratchet::BodyKind::message);
            return for_anna && std::exchange(forgets, false);
        },
        [](const Passing& passing) {
            const auto seq = hostile::read<wire::Deliver>(passing)->seq;
            return hostile::only(hostile::to_client(passing.client, wire::Gap{seq, seq}));
        }));
    world.start_all({"anna", "ben"});
    world.settle(5s);
    forgets = true;
    world.say(0, "one");
    world.settle(1s);
    EXPECT_FALSE(forgets);
    EXPECT_EQ(world.line(0, 1), client::LineState::opened);
    EXPECT_THAT(world.alarms(0), ElementsAre(AlarmKind::lost_by_relay));
    EXPECT_THAT(world.alarms(1), IsEmpty());
}

}  // namespace
}  // namespace parley
