#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "support/allocations.h"
#include "wire/examples.h"
#include "wire/stream.h"

namespace parley::wire {
namespace {

using ::testing::HasSubstr;

ByteView without_length(const Bytes& frame) { return ByteView(frame).subspan(length_size); }

template <class Variant>
Result<Variant> decode(ByteView frame) {
    if constexpr (std::is_same_v<Variant, ClientFrame>) return decode_client(frame);
    else return decode_relay(frame);
}

/// decode(x) works => encode(decode(x)) == x: nothing has a second encoding.
template <class Variant>
bool is_canonical(ByteView frame) {
    const auto decoded = decode<Variant>(frame);
    if (!decoded) return true;
    Bytes again;
    encode(*decoded, again);
    return equal(without_length(again), frame);
}

template <class Variant>
class EveryFrame : public ::testing::Test {};
using Directions = ::testing::Types<ClientFrame, RelayFrame>;
TYPED_TEST_SUITE(EveryFrame, Directions);

TYPED_TEST(EveryFrame, ComesBackAsItWent) {
    for_each_example<TypeParam>([]<class Frame>(const Frame& frame) {
        const auto bytes = encoded(TypeParam(frame));
        const auto decoded = decode<TypeParam>(without_length(bytes));
        ASSERT_TRUE(decoded.has_value()) << Frame::name;
        EXPECT_EQ(std::get<Frame>(*decoded), frame) << Frame::name;
    });
}

TYPED_TEST(EveryFrame, IsRefusedInEachPrefixOrIsAnotherWholeFrame) {
    for_each_example<TypeParam>([]<class Frame>(const Frame& frame) {
        const auto bytes = encoded(TypeParam(frame));
        const auto whole = without_length(bytes);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_TRUE(is_canonical<TypeParam>(whole.first(size))) << Frame::name << " " << size;
        }
    });
}

// FAULTS R10, R12
TYPED_TEST(EveryFrame, WithAnyBitFlippedIsRefusedOrCanonical) {
    for_each_example<TypeParam>([]<class Frame>(const Frame& frame) {
        const auto bytes = encoded(TypeParam(frame));
        auto damaged = to_bytes(without_length(bytes));
        for (std::size_t bit = 0; bit < damaged.size() * 8; ++bit) {
            const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
            damaged[bit / 8] ^= mask;
            EXPECT_TRUE(is_canonical<TypeParam>(damaged)) << Frame::name << " bit " << bit;
            damaged[bit / 8] ^= mask;
        }
    });
}

// ATTACKS 22
TYPED_TEST(EveryFrame, OfFixedSizeIsRefusedWithATrailingByte) {
    for_each_example<TypeParam>([]<class Frame>(const Frame& frame) {
        constexpr bool ends_in_payload =
            requires(Frame f) { f.body; } || requires(Frame f) { f.sealed; } || requires(Frame f) { f.card; };
        if constexpr (!ends_in_payload) {
            auto bytes = encoded(TypeParam(frame));
            bytes.push_back(0);
            EXPECT_EQ(decode<TypeParam>(without_length(bytes)).error().code, Errc::trailing) << Frame::name;
        }
    });
}

// FAULTS R07
TYPED_TEST(EveryFrame, OfAnUnknownTypeIsRefused) {
    int known = 0;
    for (int type = 0; type < 256; ++type) {
        const Bytes frame{static_cast<std::uint8_t>(type)};
        const auto decoded = decode<TypeParam>(frame);
        if (decoded || decoded.error().code != Errc::unknown_type) ++known;
    }
    EXPECT_EQ(known, static_cast<int>(std::variant_size_v<TypeParam>));
}

TYPED_TEST(EveryFrame, DecodesWithoutAllocating) {
    if (!parley::testing::allocations_are_counted) GTEST_SKIP() << "a sanitizer allocates for itself";
    for_each_example<TypeParam>([]<class Frame>(const Frame& frame) {
        const auto bytes = encoded(TypeParam(frame));
        const auto before = parley::testing::allocations();
        const bool decoded = decode<TypeParam>(without_length(bytes)).has_value();
        EXPECT_EQ(parley::testing::allocations(), before) << Frame::name;
        EXPECT_TRUE(decoded);
    });
    // The twin: the counter does count.
    const auto before = parley::testing::allocations();
    const auto something = std::make_unique<int>(1);
    EXPECT_GT(parley::testing::allocations(), before);
}

// FAULTS R07
TEST(Codec, RefusesFlagsThatAreNeitherZeroNorOne) {
    auto bytes = encoded(RelayFrame(example<Seat>()));
    const auto flag = length_size + 1 + SeatId::size + 1;
    ASSERT_EQ(bytes[flag], 1);
    bytes[flag] = 2;
    EXPECT_EQ(decode_relay(without_length(bytes)).error().code, Errc::not_canonical);
}

TEST(Codec, RefusesNumbersThatNameNothing) {
    EXPECT_TRUE(decode_relay(Bytes{Refused::type, last_value(RefuseReason{})}).has_value());
    EXPECT_EQ(
        decode_relay(Bytes{Refused::type, static_cast<std::uint8_t>(last_value(RefuseReason{}) + 1)}).error().code,
        Errc::not_canonical);
}

// FAULTS R02
TEST(Codec, TakesABodyAndACardOfTheLimitAndRefusesOneByteMore) {
    for (const std::size_t more : {std::size_t{0}, std::size_t{1}}) {
        Bytes post{Post::type};
        post.resize(post_header_size - length_size + max_body + more);
        EXPECT_EQ(decode_client(post).has_value(), more == 0);
        Bytes card{Card::type};
        card.resize(1 + max_card + more);
        EXPECT_EQ(decode_client(card).has_value(), more == 0);
    }
}

TEST(Codec, CallsAFrameBeyondTheLimitTooLargeWhateverItIs) {
    Bytes frame(max_frame + 1);
    frame[0] = Ping::type;
    EXPECT_EQ(decode_client(frame).error(), Errc::too_large);
    frame.pop_back();
    EXPECT_EQ(decode_client(frame).error(), Errc::trailing);
}

TEST(Codec, APostBecomesItsDeliverWhereItLies) {
    const auto post = example<Post>();
    const auto deliver = example<Deliver>();
    auto bytes = encoded(ClientFrame(post));
    make_deliver(deliver.seq, deliver.from, bytes.data());
    EXPECT_EQ(bytes, encoded(RelayFrame(deliver)));
}

TEST(Codec, APostToEveryoneNamesNoSeat) {
    const Post post{7, std::nullopt, {example_payload()}};
    const auto bytes = encoded(ClientFrame(post));
    EXPECT_EQ(bytes.size(), encoded(ClientFrame(example<Post>())).size());
    EXPECT_EQ(decode_post(ByteView(bytes).subspan(length_size)), post);
}

/// Whether the head of a Post is seen exactly where the decoder finds one, and says the same.
bool agrees_with_the_decoder(ByteView buffer) {
    const auto head = post_in_front(buffer);
    const auto size = next_frame_size(buffer);
    const bool is_whole = size && *size > 0 && *size <= buffer.size();
    const auto frame = is_whole ? buffer.subspan(length_size, *size - length_size) : ByteView();
    const auto post = is_post(frame) ? decode_post(frame) : Result<Post>(fail(Errc::unknown_type, ""));
    if (!head || !post) return head.has_value() == post.has_value();
    return head->id == post->id && equal(head->to, post->to.value_or(SeatId()).view()) && head->frame_size == *size;
}

TEST(Codec, AHeadIsSeenWhereTheDecoderFindsAPost) {
    for (const std::size_t body : {std::size_t{0}, std::size_t{1}, max_body, max_body + 1}) {
        Bytes buffer(post_header_size + body + 3);
        put_number(static_cast<std::uint32_t>(post_header_size - length_size + body), buffer.data());
        buffer[length_size] = Post::type;
        EXPECT_EQ(post_in_front(buffer).has_value(), body <= max_body);
        for (std::size_t size = 0; size < std::min<std::size_t>(buffer.size(), 80); ++size)
            EXPECT_TRUE(agrees_with_the_decoder(ByteView(buffer).first(size)));
        EXPECT_TRUE(agrees_with_the_decoder(buffer));
        buffer[length_size] = Deliver::type;
        EXPECT_FALSE(post_in_front(buffer));
    }
    auto bytes = encoded(ClientFrame(example<Post>()));
    EXPECT_TRUE(post_in_front(bytes));
    for (std::size_t at = 0; at < length_size; ++at) {
        for (int value = 0; value < 256; ++value) {
            auto changed = bytes;
            changed[at] = static_cast<std::uint8_t>(value);
            EXPECT_TRUE(agrees_with_the_decoder(changed)) << at << " " << value;
        }
    }
}

// FAULTS R12
TEST(Codec, RandomBytesAreRefusedOrCanonical) {
    std::uint64_t state = 88172645463325252U;
    const auto next = [&] {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        return static_cast<std::uint8_t>(state >> 32U);
    };
    std::size_t accepted = 0;
    for (int i = 0; i < 200'000; ++i) {
        Bytes frame(next() % 96U);
        for (auto& byte : frame) byte = next() % 4 == 0 ? next() : next() % 3U;
        if (!frame.empty()) frame[0] = static_cast<std::uint8_t>((next() & 0x80U) | next() % 10U);
        EXPECT_TRUE(is_canonical<ClientFrame>(frame));
        EXPECT_TRUE(is_canonical<RelayFrame>(frame));
        accepted += decode_client(frame).has_value();
    }
    EXPECT_GT(accepted, 100U);  // the generator reaches the inside of the decoder
}

TEST(Codec, TheFrozenVectorsAreWhatTheCodeWrites) {
    std::ifstream file(std::string(PARLEY_SOURCE_DIR) + "/tests/vectors/wire.json");
    std::stringstream text;
    text << file.rdbuf();
    const auto expect_in_file = [&]<class Frame>(const Frame& frame) {
        EXPECT_THAT(text.str(),
                    HasSubstr("\"" + std::string(Frame::name) + "\", \"hex\": \"" + to_hex(encoded(frame)) + "\""));
    };
    for_each_example<ClientFrame>(expect_in_file);
    for_each_example<RelayFrame>(expect_in_file);
}

TEST(Codec, EveryReasonHasItsOwnLine) {
    std::vector<std::string_view> lines;
    for (int reason = 0; reason <= last_value(RefuseReason{}); ++reason) {
        const auto line = explain(static_cast<RefuseReason>(reason));
        EXPECT_EQ(line.find('\n'), line.npos);
        EXPECT_THAT(lines, ::testing::Not(::testing::Contains(line)));
        lines.push_back(line);
    }
}

}  // namespace
}  // namespace parley::wire
