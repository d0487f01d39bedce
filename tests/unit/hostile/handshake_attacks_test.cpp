// Attacks on how two people come to share keys (ATTACKS 1, 7, 17; FAULTS C05, C06, C28).
#include "identity/fingerprint.h"
#include "unit/hostile/stage.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;
using test::Stage;

constexpr auto changed = "the handshake was changed on the way: no channel was made of it";
constexpr auto invalid = "a handshake with an invalid key: it was changed on the way";
constexpr auto withheld = "someone shows a card and never answers: gone, or the relay holds the handshake back";

bool anybody_told(const Stage& stage, AlarmKind kind, std::string_view words) {
    return stage.told(0, kind, words) || stage.told(1, kind, words);
}

struct Swap {
    std::string_view attack;
    std::uint64_t seed;
    std::string_view words;
};

class EvilHandshake : public testing::TestWithParam<Swap> {
protected:
    /// Both people say something, which waits for a channel.
    static void wait_for_a_channel(Stage& stage) {
        stage.talk(2);
        stage.world.run_for(40s);
    }
};

// FAULTS C06
TEST_P(EvilHandshake, IsNamedAndMakesNoChannel) {
    const auto& [attack, seed, words] = GetParam();
    Stage stage({.attack = attack, .seed = seed});
    wait_for_a_channel(stage);
    EXPECT_TRUE(anybody_told(stage, AlarmKind::bad_handshake, words));
    EXPECT_TRUE(stage.told(0, AlarmKind::handshake_withheld, withheld));
    EXPECT_TRUE(stage.told(1, AlarmKind::handshake_withheld, withheld));
    EXPECT_EQ(stage.channels(0) + stage.channels(1), 0U);
    EXPECT_THAT(stage.world.messages(0), testing::IsEmpty());
    EXPECT_THAT(stage.world.messages(1), testing::IsEmpty());
}

TEST_P(EvilHandshake, OnceItIsOverWhatWasSaidArrives) {
    const auto& [attack, seed, words] = GetParam();
    Stage stage({.attack = attack, .seed = seed});
    wait_for_a_channel(stage);
    stage.end_attack();
    stage.world.run_for(120s);
    EXPECT_EQ(stage.channels(0), 1U);
    EXPECT_TRUE(stage.is_in_order(0) && stage.is_in_order(1));
}

TEST_P(EvilHandshake, TwinOnAnHonestWireThereIsAChannelAndNothingIsNamed) {
    const auto& [attack, seed, words] = GetParam();
    Stage stage({.attack = attack, .seed = seed, .wire = Stage::Wire::honest});
    wait_for_a_channel(stage);
    EXPECT_FALSE(anybody_told(stage, AlarmKind::bad_handshake, words));
    EXPECT_FALSE(anybody_told(stage, AlarmKind::handshake_withheld, withheld));
    EXPECT_EQ(stage.channels(0) + stage.channels(1), 2U);
}

INSTANTIATE_TEST_SUITE_P(Keys, EvilHandshake,
                         testing::Values(Swap{"swap-ephemeral", 1, changed}, Swap{"swap-kem", 1, changed},
                                         Swap{"strip-hybrid", 1, invalid}, Swap{"strip-hybrid", 2, changed}),
                         [](const auto& each) {
                             std::string name(each.param.attack);
                             std::ranges::replace(name, '-', '_');
                             return name + "_" + std::to_string(each.param.seed);
                         });

/// The values that replace others are none that a parser would refuse: it is the transcript that tells.
TEST(EvilHandshake, SwapsWellFormedKeysOnly) {
    for (const auto attack : {"swap-ephemeral", "swap-kem"}) {
        Stage stage({.attack = attack});
        EXPECT_FALSE(anybody_told(stage, AlarmKind::bad_handshake, invalid)) << attack;
        EXPECT_TRUE(anybody_told(stage, AlarmKind::bad_handshake, changed)) << attack;
    }
}

/// An Init that a relay kept means nothing to who has a session: neither a question nor an alarm follows.
TEST(EvilHandshake, AnOldInitThatComesAgainDisturbsNobody) {
    test::World world;
    std::optional<hostile::Passing> init;
    bool again = false;
    world.set_interceptor(std::make_shared<hostile::Change>(
        [&](const hostile::Passing& passing) { return passing.direction == hostile::Direction::to_client; },
        [&](hostile::Passing passing) {
            if (hostile::delivered(passing, ratchet::BodyKind::init)) init = passing;
            std::vector<hostile::Passing> out{passing};
            if (std::exchange(again, false)) out.push_back(*init);
            return out;
        }));
    world.start_all({"anna", "ben"});
    world.settle(5s);
    again = true;
    world.say(0, "hello");
    world.say(1, "hello");
    world.run_for(200s);
    EXPECT_THAT(world.alarms(0), testing::IsEmpty());
    EXPECT_THAT(world.alarms(1), testing::IsEmpty());
}

constexpr auto lost = "lost its state, or someone copied its key: nothing is sent until you /accept";

/// A relay that makes up a Hello after each message that it gives on; or in the place of each, until that has led to
/// a handshake.
class HelloForger {
public:
    enum class Then { gives_on, keeps_back };
    explicit HelloForger(Then then) : then_(then) {}

    /// Two who are verified to each other, and what they say while it forges.
    void play(test::World& world, bool forges) {
        world.record_wire(true);
        world.set_interceptor(
            std::make_shared<hostile::Change>([](const auto& passing) { return hostile::is<wire::Deliver>(passing); },
                                              [this](hostile::Passing passing) { return forge(std::move(passing)); }));
        world.start_all({"anna", "ben"});
        world.settle(5s);
        for (const std::size_t who : {0U, 1U}) world.command(who, client::Verify{{}, number_of(world, who)});
        forges_ = forges;
        for (int line = 0; line < 3; ++line) {
            for (const std::size_t who : {0U, 1U}) world.say(who, std::to_string(line));
            world.settle(2s);
        }
        world.run_for(12s);
        forges_ = false;
    }

private:
    static std::string number_of(const test::World& world, std::size_t who) {
        return identity::safety_number(world.identity(who), world.identity(1 - who));
    }
    std::vector<hostile::Passing> forge(hostile::Passing passing) {
        forges_ = forges_ && !hostile::delivered(passing, ratchet::BodyKind::init);
        if (!forges_ || !hostile::delivered(passing, ratchet::BodyKind::message)) return {std::move(passing)};
        auto hello = hostile::with_body(passing, ratchet::hello());
        if (then_ == Then::keeps_back) return {std::move(hello)};
        return {std::move(passing), std::move(hello)};
    }

    const Then then_;
    bool forges_ = false;
};

std::size_t posts(const test::World& world, std::optional<ratchet::BodyKind> kind = {}) {
    return static_cast<std::size_t>(std::ranges::count_if(world.wire(), [&](const hostile::Passing& passing) {
        if (!hostile::is<wire::Post>(passing)) return false;
        return !kind || passing.frame[hostile::post_body_at] == static_cast<std::uint8_t>(*kind);
    }));
}

client::Trust trust(test::World& world, std::size_t who) {
    return world.contacts(who).trust_in(client::id_of(world.identity(1 - who)));
}

/// PROTOCOL 3.2: a Hello proves nothing, so the session that is in use has the first word.
TEST(EvilHandshake, ForgedHellosCostAFrameNowAndThenAndNothingElse) {
    test::World attacked;
    test::World honest;
    HelloForger(HelloForger::Then::gives_on).play(attacked, true);
    HelloForger(HelloForger::Then::gives_on).play(honest, false);
    for (const std::size_t who : {0U, 1U}) {
        EXPECT_THAT(attacked.alarms(who), testing::IsEmpty());
        EXPECT_EQ(trust(attacked, who), client::Trust::verified);
        EXPECT_EQ(attacked.messages(who).size(), 3U);
    }
    EXPECT_EQ(posts(attacked, ratchet::BodyKind::init), posts(honest, ratchet::BodyKind::init));
    // Within 18 s four questions at most, and their answers; some travel with what would have been said anyway.
    EXPECT_LE(posts(attacked), posts(honest) + 8);
}

/// ATTACKS 10. "What is not prevented" of ATTACKS.md; and the twin: where nothing answers inside the session, a Hello
/// is believed.
TEST(EvilHandshake, AForgedHelloAndASilentSessionLookLikeARestartUntilBothAccept) {
    HelloForger forger(HelloForger::Then::keeps_back);
    test::World world;
    forger.play(world, true);
    for (const std::size_t who : {0U, 1U}) {
        const auto alarms = world.shown<client::Alarm>(who);
        EXPECT_TRUE(std::ranges::any_of(alarms, [](const auto& alarm) { return alarm.what == lost; }));
        EXPECT_EQ(trust(world, who), client::Trust::not_verified);
        world.say(who, "before it is accepted");
    }
    world.settle(5s);
    EXPECT_THAT(world.messages(1), testing::Not(testing::Contains("anna: before it is accepted")));
    for (const std::size_t who : {0U, 1U}) world.command(who, client::Accept{});
    world.settle(40s);
    EXPECT_THAT(world.messages(0), testing::ElementsAre("ben: 0", "ben: 1", "ben: 2", "ben: before it is accepted"));
    EXPECT_THAT(world.messages(1),
                testing::ElementsAre("anna: 0", "anna: 1", "anna: 2", "anna: before it is accepted"));
}

}  // namespace
}  // namespace parley
