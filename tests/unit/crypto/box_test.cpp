// The committing box (PROTOCOL 3.6). A ciphertext built to open under two keys is in unit/ratchet.
#include "crypto/box.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "support/damage.h"
#include "support/stuck_random.h"
#include "world/random.h"

namespace parley::crypto {
namespace {

using Key = Secret<struct TestBoxKeyTag, 32>;

constexpr auto label = labels::card_box;

struct Boxed {
    test::SeededRandom random{2};
    Key key = random.secret<Key>();
    Bytes aad = to_bytes(bytes_of("room and seat"));
    Bytes plaintext = to_bytes(bytes_of("a card"));
    Salt salt = box_salt(key.reveal(), label, plaintext, random);
    Bytes boxed = seal_now();

    Bytes seal_now() const {
        Bytes out(plaintext.size() + box_overhead);
        seal_box(key.reveal(), label, salt, aad, plaintext, out);
        return out;
    }
    Result<Bytes> open(ByteView bytes) const {
        Bytes out(bytes.size() < box_overhead ? 0 : bytes.size() - box_overhead);
        auto opened = open_box(key.reveal(), label, salt, aad, bytes, out);
        if (!opened) return std::unexpected(opened.error());
        return out;
    }
};

/// Twin: derives the same keys and never looks at the commitment.
bool opens_without_commitment(const Boxed& right, ByteView bytes) {
    if (bytes.size() < box_overhead) return false;
    const auto keys = hkdf<64>(right.salt, right.key.reveal(), {label});
    Bytes out(bytes.size() - box_overhead);
    return open(keys.reveal().first<32>(), Nonce{}, right.aad, bytes.subspan(commitment_size), out).has_value();
}

/// Twin: a salt that trusts the random generator alone.
Salt random_salt(BoxSecret, Label, ByteView, Random& random) { return random.bytes<16>(); }

/// How many different salts a dead generator gives to a thousand different plaintexts.
template <class MakeSalt>
std::size_t salts_of_a_stuck_generator(MakeSalt make_salt) {
    const Boxed right;
    test::StuckRandom stuck;
    std::set<Salt> salts;
    for (int i = 0; i < 1000; ++i) {
        const auto plaintext = std::to_string(i);
        salts.insert(make_salt(right.key.reveal(), label, bytes_of(plaintext), stuck));
    }
    return salts.size();
}

TEST(Box, opens_what_was_sealed) {
    const Boxed right;
    EXPECT_EQ(right.open(right.boxed).value(), right.plaintext);
}

TEST(Box, may_be_empty) {
    Boxed right;
    right.plaintext.clear();
    const auto boxed = right.seal_now();
    EXPECT_EQ(boxed.size(), box_overhead);
    EXPECT_EQ(right.open(boxed).value(), Bytes());
}

// ATTACKS 18
TEST(Box, refuses_all_damage) {
    const Boxed right;
    EXPECT_EQ(test::accepted_damage(right.boxed, [&](ByteView bytes) { return right.open(bytes).has_value(); }), 0U);
}

TEST(Box, would_be_caught_ignoring_the_commitment) {
    const Boxed right;
    const auto flawed = [&](ByteView bytes) { return opens_without_commitment(right, bytes); };
    EXPECT_EQ(test::accepted_damage(right.boxed, flawed), commitment_size * 8);
}

TEST(Box, names_what_is_wrong) {
    const Boxed right;
    EXPECT_EQ(right.open(Bytes(box_overhead - 1)).error(), Errc::truncated);
    EXPECT_EQ(right.open(test::with_bit_flipped(right.boxed, 0)).error(), Errc::bad_tag) << "the commitment";
    EXPECT_EQ(right.open(test::with_bit_flipped(right.boxed, 8 * commitment_size)).error(), Errc::bad_tag);
}

TEST(Box, shows_by_its_commitment_whose_it_is_before_it_is_opened) {
    const Boxed right;
    const auto commits = [&](ByteView bytes) { return commits_to(right.key.reveal(), label, right.salt, bytes); };
    EXPECT_TRUE(commits(right.boxed));
    for (std::size_t bit = 0; bit < 8 * commitment_size; ++bit)
        EXPECT_FALSE(commits(test::with_bit_flipped(right.boxed, bit)));
    for (std::size_t size = 0; size < box_overhead; ++size) EXPECT_FALSE(commits(ByteView(right.boxed).first(size)));
    EXPECT_TRUE(commits(test::with_bit_flipped(right.boxed, 8 * commitment_size))) << "that is for the tag to say";
}

TEST(Box, refuses_another_secret_salt_aad_or_label) {
    const Boxed right;
    Bytes out(right.plaintext.size());
    const auto other_key = test::with_bit_flipped(right.key.reveal(), 255);
    auto other_salt = right.salt;
    other_salt[0] ^= 1;
    const auto key = right.key.reveal();
    EXPECT_TRUE(open_box(key, label, right.salt, right.aad, right.boxed, out));
    EXPECT_FALSE(open_box(BoxSecret(other_key), label, right.salt, right.aad, right.boxed, out));
    EXPECT_FALSE(open_box(key, label, other_salt, right.aad, right.boxed, out));
    EXPECT_FALSE(open_box(key, label, right.salt, {}, right.boxed, out));
    EXPECT_FALSE(open_box(key, labels::ratchet_box, right.salt, right.aad, right.boxed, out));
}

// FAULTS C20, ATTACKS 23: whoever takes the commitment of another secret in front has a box for neither.
TEST(Box, is_committed_to_its_secret) {
    Boxed first;
    Boxed second;
    second.key = second.random.secret<Key>();
    auto mixed = second.seal_now();
    std::copy_n(first.boxed.begin(), commitment_size, mixed.begin());
    EXPECT_EQ(first.open(mixed).error(), Errc::bad_tag);
    EXPECT_EQ(second.open(mixed).error(), Errc::bad_tag);
}

// PROTOCOL 3.6, recomputed from its text.
TEST(Box, is_the_construction_of_the_specification) {
    Boxed right;
    test::StuckRandom stuck(9);
    FixedBytes<32> mac;
    hmac_sha256(right.key.reveal(), {label, Bytes(16, 9), right.plaintext}, mac);
    const auto salt = box_salt(right.key.reveal(), label, right.plaintext, stuck);
    EXPECT_TRUE(equal(salt, ByteView(mac).first(16)));
    const auto keys = hkdf<64>(right.salt, right.key.reveal(), {label});
    auto expected = to_bytes(keys.reveal().last<32>());
    expected.resize(right.boxed.size());
    seal(keys.reveal().first<32>(), Nonce{}, right.aad, right.plaintext, MutableBytes(expected).subspan(32));
    EXPECT_EQ(right.boxed, expected);
}

// ATTACKS 24: with a dead generator two plaintexts still never share a key.
TEST(Box, has_another_salt_for_every_plaintext_even_when_the_generator_is_stuck) {
    EXPECT_EQ(salts_of_a_stuck_generator(box_salt), 1000U);
}

TEST(Box, would_be_caught_with_a_salt_that_is_only_random) { EXPECT_EQ(salts_of_a_stuck_generator(random_salt), 1U); }

TEST(Box, has_another_salt_each_time_the_same_is_sealed) {
    Boxed right;
    EXPECT_NE(box_salt(right.key.reveal(), label, right.plaintext, right.random), right.salt);
}

}  // namespace
}  // namespace parley::crypto
