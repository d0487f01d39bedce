// PROTOCOL 3.10: the same core, with Olm's parameters, talks to a ratchet that nobody here wrote.
#include <random>

#include "crypto/hkdf.h"
#include "unit/ratchet/libolm.h"
#include "unit/ratchet/olm_suite.h"
#include "unit/ratchet/people.h"

namespace parley::ratchet {
namespace {

using namespace testing;

/// The fields of Olm's pre-key message: 0a one-time key, 12 base key, 1a identity key, 22 message.
struct FirstFlight {
    explicit FirstFlight(ByteView bytes) {
        auto rest = bytes.subspan(1);
        for (auto* key : {&one_time, &base, &identity}) {
            std::copy_n(rest.begin() + 2, 32, key->begin());
            rest = rest.subspan(34);
        }
        const std::size_t length_bytes = rest[1] < 0x80 ? 1 : 2;
        message = to_bytes(rest.subspan(1 + length_bytes));
    }

    OlmSuite::RatchetKey one_time, base, identity;
    Bytes message;
};

/// Our end, made of libolm's first message by Olm's triple Diffie-Hellman.
DoubleRatchet<OlmSuite> accept(const FirstFlight& first, const OlmSuite::OwnKeys& identity,
                               const OlmSuite::OwnKeys& one_time) {
    const SecretBytes secrets({OlmSuite::agree(one_time, first.identity).reveal(),
                               OlmSuite::agree(identity, first.base).reveal(),
                               OlmSuite::agree(one_time, first.base).reveal()});
    const auto derived = crypto::hkdf<64>({}, secrets.reveal(), {bytes_of("OLM_ROOT")});
    const auto announced = OlmSuite::take_apart(first.message).value().header.announcement;
    State<OlmSuite> state{{}, RootKey(derived.reveal().first<32>()), {}, Answering<OlmSuite>{{announced.key}, {}, 0}};
    state.receiving = Receiving<OlmSuite>{{0, {}, announced, 0}, Chain{ChainKey(derived.reveal().last<32>()), 0}};
    return DoubleRatchet<OlmSuite>(std::move(state));
}

class Libolm : public ::testing::Test {
protected:
    /// What libolm seals now, without the wrapping of its first flight.
    Bytes from_libolm(const std::string& content) {
        const auto message = libolm.seal(content);
        return message.is_first_flight ? FirstFlight(message.bytes).message : message.bytes;
    }
    Bytes from_us(const std::string& content) { return us.seal(bytes_of(content), random).value(); }

    SeededRandom random{"libolm"};
    OlmSuite::OwnKeys identity = OlmSuite::generate(random);
    OlmSuite::OwnKeys one_time = OlmSuite::generate(random);
    LibolmPeer libolm{identity.public_key, one_time.public_key, random};
    DoubleRatchet<OlmSuite> us = accept(FirstFlight(libolm.seal("lost").bytes), identity, one_time);
};

TEST_F(Libolm, and_we_understand_each_other_turn_by_turn) {
    for (int i = 0; i < 60; ++i) {
        const auto there = std::to_string(i) + " there";
        ASSERT_EQ(text(us.open(from_libolm(there), noon)), there);
        const auto back = std::to_string(i) + " back";
        ASSERT_EQ(libolm.open(from_us(back)).content, back);
    }
}

struct OnTheWay {
    Bytes message;
    std::string content;
    int due;
};

/// Lets what is due out in random order; loses one in five.
std::vector<OnTheWay> arrivals(std::vector<OnTheWay>& way, int turn, std::mt19937& dice) {
    std::vector<OnTheWay> out;
    std::vector<OnTheWay> later;
    for (auto& one : way) (one.due <= turn ? out : later).push_back(std::move(one));
    way = std::move(later);
    std::shuffle(out.begin(), out.end(), dice);
    std::erase_if(out, [&](const auto&) { return dice() % 5 == 0; });
    return out;
}

TEST_F(Libolm, and_we_understand_each_other_through_loss_and_reordering) {
    std::mt19937 dice(5);
    std::vector<OnTheWay> to_us;
    std::vector<OnTheWay> to_libolm;
    int opened = 0;
    for (int turn = 0; turn < 80; ++turn) {
        for (int i = 0; i < 4; ++i) {
            const auto content = std::to_string(turn) + "." + std::to_string(i);
            to_us.push_back({from_libolm(content), content, turn + static_cast<int>(dice() % 3)});
        }
        for (auto& one : arrivals(to_us, turn, dice)) {
            ASSERT_EQ(text(us.open(one.message, noon)), one.content) << "turn " << turn;
            ASSERT_FALSE(us.open(one.message, noon).has_value()) << "a second time";
            ++opened;
        }
        for (int i = 0; i < 4; ++i) {
            const auto content = std::to_string(turn) + "-" + std::to_string(i);
            to_libolm.push_back({from_us(content), content, turn + static_cast<int>(dice() % 3)});
        }
        for (auto& one : arrivals(to_libolm, turn, dice)) {
            ASSERT_EQ(libolm.open(one.message).content, one.content) << "turn " << turn;
            ++opened;
        }
    }
    EXPECT_GT(opened, 400);
    EXPECT_GT(us.state().receiving->peer.number, 50U) << "at least fifty turns of the ratchet";
}

TEST_F(Libolm, refuses_what_was_changed_and_so_do_we) {
    const auto there = from_libolm("true");
    for (std::size_t at = 0; at < there.size(); ++at) {
        auto damaged = there;
        damaged[at] ^= 1;
        ASSERT_FALSE(us.open(damaged, noon).has_value()) << at;
    }
    ASSERT_EQ(text(us.open(there, noon)), "true");
    auto back = from_us("back");
    back.back() ^= 1;
    EXPECT_TRUE(libolm.open(back).failed);
}

// The twin: one wrong label in the root step, and libolm does not understand a word.
struct OtherLabelSuite : OlmSuite {
    static RootStep root_step(const RootKey& root, const StepInput& input) {
        const auto derived = crypto::hkdf<64>(root.reveal(), input.reveal(), {bytes_of("OLM_RATCHEU")});
        return {RootKey(derived.reveal().first<32>()), ChainKey(derived.reveal().last<32>()), {}};
    }
};

TEST_F(Libolm, twin_with_another_label_is_not_understood) {
    const FirstFlight first(libolm.seal("x").bytes);
    auto good = accept(first, identity, one_time);
    ASSERT_TRUE(good.open(first.message, noon).has_value());
    State<OlmSuite> state{{},
                          good.state().root.duplicate(),
                          {},
                          Answering<OlmSuite>{{good.state().receiving->peer.announcement.key}, {}, 0}};
    DoubleRatchet<OtherLabelSuite> twin(std::move(state));
    EXPECT_TRUE(libolm.open(twin.seal(bytes_of("?"), random).value()).failed);
}

}  // namespace
}  // namespace parley::ratchet
