// Chunks as bodies (PROTOCOL 4.3): what opens where, and what opens nowhere.
#include "client/chunk.h"

#include <gtest/gtest.h>

#include "crypto/hmac.h"
#include "ratchet/body.h"
#include "support/damage.h"
#include "support/stuck_random.h"
#include "world/random.h"

namespace parley::client {
namespace {

constexpr std::uint64_t three_chunks_and_a_bit = 3 * chunk_size + 5;

FileOffer offer_of(std::uint64_t size, std::uint64_t seed = 1) {
    test::SeededRandom random(seed);
    return {random.id<FileId>(), std::make_shared<const FileSecret>(random.secret<FileSecret>()), size, {}, "name"};
}

Bytes some_bytes(std::size_t size, std::uint8_t first = 7) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = first++;
    return bytes;
}

Bytes sealed(const FileOffer& offer, std::uint64_t index, std::uint64_t seed = 9) {
    test::SeededRandom random(seed);
    return seal_chunk(offer, index, some_bytes(size_of_chunk(offer.size, index)), random);
}

TEST(Chunk, IsALargeBodyThatOpensAtItsPlace) {
    const auto offer = offer_of(three_chunks_and_a_bit);
    for (std::uint64_t index = 0; index < offer.chunks(); ++index) {
        const auto body = sealed(offer, index);
        EXPECT_EQ(ratchet::kind_of(body).value(), ratchet::BodyKind::chunk);
        EXPECT_EQ(locate_chunk(offer, body), index);
        EXPECT_EQ(open_chunk(offer, index, body).value(), some_bytes(size_of_chunk(offer.size, index)));
    }
}

Bytes first_half_of_mac(const FileSecret& secret, std::string_view label, ByteView of) {
    FixedBytes<32> mac;
    crypto::hmac_sha256(secret.reveal(), {bytes_of(label), of}, mac);
    return to_bytes(ByteView(mac).first(8));
}

// PROTOCOL 4.3, word for word: to everyone without the secret a locator is 16 bytes.
TEST(Chunk, HasTheLocatorThatTheProtocolSays) {
    const auto offer = offer_of(three_chunks_and_a_bit);
    const Bytes index{0, 0, 0, 0, 0, 0, 0, 2};
    const auto tag = first_half_of_mac(*offer.secret, "parley/1 file locator.", index);
    const auto mask = first_half_of_mac(*offer.secret, "parley/1 file locator mask.", tag);
    auto locator = tag;
    for (std::size_t i = 0; i < index.size(); ++i) locator.push_back(static_cast<std::uint8_t>(index[i] ^ mask[i]));
    EXPECT_EQ(to_bytes(ByteView(sealed(offer, 2)).subspan(1, 16)), locator);
}

TEST(Chunk, ThatIsSmallerThanItsBodyIsNoBody) {
    auto body = sealed(offer_of(5), 0);
    body.resize(ratchet::medium_body);
    EXPECT_FALSE(ratchet::kind_of(body).has_value());
}

TEST(Chunk, OfAnotherOfferIsFoundInNone) {
    const auto body = sealed(offer_of(three_chunks_and_a_bit, 1), 2);
    EXPECT_EQ(locate_chunk(offer_of(three_chunks_and_a_bit, 2), body), std::nullopt);
}

TEST(Chunk, OpensAtNoOtherPlace) {
    const auto offer = offer_of(three_chunks_and_a_bit);
    const auto body = sealed(offer, 1);
    EXPECT_EQ(open_chunk(offer, 0, body).error().code, Errc::bad_tag);
    EXPECT_EQ(open_chunk(offer, 2, body).error().code, Errc::bad_tag);
}

// The last flag is under the tag: a file cut at a chunk's edge opens nothing under the longer file's offer.
TEST(Chunk, ThatSaysItIsTheLastOpensOnlyAsTheLast) {
    const auto longer = offer_of(4 * chunk_size);
    auto shorter = longer;
    shorter.size = 2 * chunk_size;
    EXPECT_EQ(open_chunk(longer, 1, sealed(shorter, 1)).error().code, Errc::bad_tag);
    EXPECT_EQ(open_chunk(shorter, 1, sealed(longer, 1)).error().code, Errc::bad_tag);
    EXPECT_TRUE(open_chunk(shorter, 0, sealed(longer, 0)).has_value());  // the same flag, the same place
}

TEST(Chunk, LongerThanItsPlaceIsRefused) {
    const auto five = offer_of(5);
    auto four = five;
    four.size = 4;
    EXPECT_EQ(open_chunk(four, 0, sealed(five, 0)).error().code, Errc::not_canonical);
}

TEST(Chunk, WithAnyBitFlippedIsLostOrRefused) {
    const auto offer = offer_of(three_chunks_and_a_bit);
    const auto body = sealed(offer, 1);
#if defined(PARLEY_SANITIZED)
    constexpr std::size_t stride = 1009;
#else
    constexpr std::size_t stride = 61;
#endif
    const auto opens = [&](ByteView damaged) {
        const auto index = locate_chunk(offer, damaged);
        return index && open_chunk(offer, *index, damaged).has_value();
    };
    EXPECT_TRUE(opens(body));
    for (std::size_t bit = 8; bit < 100 * 8; ++bit) EXPECT_FALSE(opens(test::with_bit_flipped(body, bit))) << bit;
    for (auto bit = std::size_t{800}; bit < body.size() * 8; bit += stride) {
        EXPECT_FALSE(opens(test::with_bit_flipped(body, bit))) << bit;
    }
    for (std::size_t size = 0; size < body.size(); size += 97) EXPECT_FALSE(opens(ByteView(body).first(size)));
}

// PROTOCOL 3.6: what the box promises, also when a file changed under a sender with a dead generator.
TEST(Chunk, OfAChangedFileIsSealedUnderAnotherKeyEvenByADeadGenerator) {
    const auto offer = offer_of(10);
    test::StuckRandom stuck;
    const auto one = seal_chunk(offer, 0, some_bytes(10, 1), stuck);
    const auto other = seal_chunk(offer, 0, some_bytes(10, 2), stuck);
    const auto again = seal_chunk(offer, 0, some_bytes(10, 1), stuck);
    constexpr std::size_t salt_at = 17;
    EXPECT_FALSE(equal(ByteView(one).subspan(salt_at, 16), ByteView(other).subspan(salt_at, 16)));
    EXPECT_EQ(one, again);
}

}  // namespace
}  // namespace parley::client
