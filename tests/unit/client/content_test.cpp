#include "client/content.h"

#include <gtest/gtest.h>

#include "client/limits.h"
#include "world/random.h"

namespace parley::client {
namespace {

Content example(Said said) {
    test::SeededRandom random(3);
    Content content{random.id<ContentId>(), 7, random.id<ContentHash>(), random.id<RosterHash>(), {}, std::move(said)};
    for (std::uint8_t i = 1; i <= 3; ++i) {
        content.heads.push_back({IdentityId(FixedBytes<16>{i}), {i, random.id<ContentHash>()}});
    }
    return content;
}

TEST(Content, ComesBackAsItWent) {
    for (const auto& said :
         {Said(Text{"hello"}), Said(Text{"hello", 60}), Said(NewName{"anna"}), Said(TimeToLive{60})}) {
        const auto bytes = encode(example(said));
        const auto decoded = decode_content(bytes);
        ASSERT_TRUE(decoded.has_value());
        EXPECT_EQ(encode(*decoded), bytes);
    }
}

TEST(Content, RefusesWhatHasASecondForm) {
    auto content = example(Text{"hello"});
    std::swap(content.heads[0], content.heads[1]);
    EXPECT_EQ(decode_content(encode(content)).error().code, Errc::not_canonical);
    content = example(Text{"hello"});
    content.heads[1] = content.heads[0];
    EXPECT_EQ(decode_content(encode(content)).error().code, Errc::not_canonical);
    content = example(Text{"hello"});
    content.k = 0;
    EXPECT_EQ(decode_content(encode(content)).error().code, Errc::not_canonical);
}

// FAULTS C31: text at the limit and one above
TEST(Content, TakesATextOfTheLimitAndRefusesOneByteMore) {
    EXPECT_TRUE(decode_content(encode(example(Text{std::string(max_text, 'x')}))).has_value());
    EXPECT_EQ(decode_content(encode(example(Text{std::string(max_text + 1, 'x')}))).error().code, Errc::too_large);
}

TEST(Content, LivesAYearAtMost) {
    EXPECT_TRUE(decode_content(encode(example(Text{"x", max_ttl_seconds}))).has_value());
    EXPECT_EQ(decode_content(encode(example(Text{"x", max_ttl_seconds + 1}))).error().code, Errc::too_large);
    EXPECT_EQ(decode_content(encode(example(TimeToLive{max_ttl_seconds + 1}))).error().code, Errc::too_large);
}

// FAULTS T02
TEST(Content, RefusesTextThatIsNotUtf8AndNamesNobodyMayHave) {
    EXPECT_FALSE(decode_content(encode(example(Text{"\xff"}))).has_value());
    EXPECT_FALSE(decode_content(encode(example(NewName{""}))).has_value());
    EXPECT_FALSE(decode_content(encode(example(NewName{std::string(65, 'x')}))).has_value());
}

TEST(Content, IsRefusedOrCanonicalInEachPrefixAndWithAnyBitFlipped) {
    const auto bytes = encode(example(Text{"hello"}));
    const auto check = [](ByteView damaged) {
        const auto decoded = decode_content(damaged);
        return !decoded || equal(encode(*decoded), damaged);
    };
    for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_TRUE(check(ByteView(bytes).first(size))) << size;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto damaged = bytes;
        damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_TRUE(check(damaged)) << bit;
    }
}

TEST(Envelope, ComesBackAsItWentWithAndWithoutAContent) {
    const auto content = encode(example(Text{"hello"}));
    for (const auto& carried : {std::optional<Numbered>{}, std::optional(Numbered{9, content})}) {
        const Envelope envelope{
            {4, {{6, 8}, {10, 10}}, true}, {3, ContentHash(FixedBytes<32>{5})}, 12, 11, {true, 7}, carried};
        const auto bytes = encode(envelope);
        const auto decoded = decode_envelope(bytes.reveal());
        ASSERT_TRUE(decoded.has_value());
        EXPECT_EQ(decoded->ack, envelope.ack);
        EXPECT_EQ(decoded->head, envelope.head);
        EXPECT_EQ(decoded->sent, 12U);
        EXPECT_EQ(decoded->settled, 11U);
        EXPECT_EQ(decoded->signs, envelope.signs);
        EXPECT_EQ(decoded->content.has_value(), carried.has_value());
        EXPECT_TRUE(equal(encode(*decoded).reveal(), bytes.reveal()));
    }
}

TEST(Envelope, RefusesRangesThatTouchOrFall) {
    for (const auto& ranges : {std::vector<AckRange>{{5, 6}}, {{6, 7}, {8, 9}}, {{9, 8}}, {{9, 9}, {7, 7}}}) {
        const Envelope envelope{{4, ranges, false}, {}, 0};
        EXPECT_FALSE(decode_envelope(encode(envelope).reveal()).has_value());
    }
}

TEST(Envelope, AsksWhetherSomebodyIsStillThereInOneWay) {
    Envelope envelope{{}, {}, 4};
    envelope.signal = StillThere{};
    auto bytes = to_bytes(encode(envelope).reveal());
    const auto decoded = decode_envelope(bytes);
    ASSERT_TRUE(decoded && decoded->signal && std::holds_alternative<StillThere>(*decoded->signal));
    EXPECT_TRUE(equal(encode(*decoded).reveal(), bytes));
    bytes.push_back(0);
    EXPECT_EQ(decode_envelope(bytes).error().code, Errc::trailing);
}

TEST(Envelope, SettlesNothingThatWasNotSent) {
    EXPECT_TRUE(decode_envelope(encode(Envelope{{}, {}, 4, 4}).reveal()).has_value());
    EXPECT_EQ(decode_envelope(encode(Envelope{{}, {}, 4, 5}).reveal()).error().code, Errc::not_canonical);
}

TEST(Envelope, RefusesMoreRangesThanTheLimit) {
    DeliveryAck ack{0, {}};
    for (std::uint64_t i = 1; i <= max_ack_ranges + 1; ++i) ack.beyond.push_back({i * 3, i * 3});
    EXPECT_EQ(decode_envelope(encode(Envelope{ack, {}, 0}).reveal()).error().code, Errc::too_large);
    ack.beyond.pop_back();
    EXPECT_TRUE(decode_envelope(encode(Envelope{ack, {}, 0}).reveal()).has_value());
}

}  // namespace
}  // namespace parley::client
