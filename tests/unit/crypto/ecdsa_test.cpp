// FAULTS C19: one strict encoding of signatures, made without randomness.
#include "crypto/ecdsa.h"

#include <gtest/gtest.h>

#include "support/damage.h"
#include "support/hex.h"
#include "world/random.h"

namespace parley::crypto {
namespace {

using test::fixed_hex;
using test::from_hex;

constexpr auto n_hex = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr auto zero_hex = "0000000000000000000000000000000000000000000000000000000000000000";

struct Signed {
    test::SeededRandom random{6};
    SigningKey key = SigningKey::generate(random);
    Signature signature = key.sign({bytes_of("message")});

    bool verifies(ByteView candidate) const {
        return key.verifying_key().verify({bytes_of("message")}, candidate).has_value();
    }
    Bytes r() const { return to_bytes(ByteView(signature).first(32)); }
    Bytes s() const { return to_bytes(ByteView(signature).last(32)); }
};

Bytes joined(Bytes r, const Bytes& s) {
    append(r, s);
    return r;
}

/// a - b of big-endian numbers of one length, a > b.
Bytes difference(Bytes a, const Bytes& b) {
    int borrow = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int digit = a[i] - b[i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        a[i] = static_cast<std::uint8_t>(digit + 256 * borrow);
    }
    return a;
}

/// RFC 6979 appendix A.2.5.
SigningKey published_key() {
    return SigningKey::restore(fixed_hex<32>("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"))
        .value();
}

TEST(Ecdsa, verifies_what_was_signed_by_that_key_only) {
    Signed right;
    EXPECT_TRUE(right.verifies(right.signature));
    const auto other = SigningKey::generate(right.random);
    EXPECT_EQ(other.verifying_key().verify({bytes_of("message")}, right.signature).error(), Errc::bad_tag);
    EXPECT_FALSE(right.key.verifying_key().verify({bytes_of("Message")}, right.signature));
    EXPECT_FALSE(right.key.verifying_key().verify({}, right.signature));
}

TEST(Ecdsa, reads_its_parts_as_one_string) {
    const Signed right;
    EXPECT_TRUE(right.key.verifying_key().verify({bytes_of("mess"), bytes_of("age")}, right.signature));
}

// RFC 6979 appendix A.2.5: the published signatures, so no nonce depends on a random generator.
TEST(Ecdsa, signs_deterministically) {
    const auto key = published_key();
    EXPECT_EQ(to_hex(key.sign({bytes_of("sample")})),
              "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
              "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    EXPECT_EQ(to_hex(key.sign({bytes_of("test")})),
              "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
              "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
}

// ATTACKS 18: empty, truncated and extended ones, each bit flipped.
TEST(Ecdsa, refuses_all_damage) {
    const Signed right;
    EXPECT_EQ(test::accepted_damage(right.signature, [&](ByteView bytes) { return right.verifies(bytes); }), 0U);
}

TEST(Ecdsa, would_be_caught_taking_more_than_64_bytes) {
    const Signed right;
    const auto flawed = [&](ByteView bytes) { return bytes.size() >= 64 && right.verifies(bytes.first(64)); };
    EXPECT_EQ(test::accepted_damage(right.signature, flawed), 3U);
}

// FAULTS C19
TEST(Ecdsa, refuses_zero_and_n_for_r_and_for_s) {
    const Signed right;
    for (const auto* bad : {zero_hex, n_hex}) {
        EXPECT_FALSE(right.verifies(joined(from_hex(bad), right.s()))) << "r = " << bad;
        EXPECT_FALSE(right.verifies(joined(right.r(), from_hex(bad)))) << "s = " << bad;
        EXPECT_FALSE(right.verifies(joined(from_hex(bad), from_hex(bad))));
    }
}

// ECDSA has two signatures for each: whoever sees one can write the other. So nothing may be named
// by a signature; that identities are not is tested in unit/identity.
// FAULTS C19
TEST(Ecdsa, verifies_n_less_s_as_well) {
    const Signed right;
    const auto variant = joined(right.r(), difference(from_hex(n_hex), right.s()));
    EXPECT_FALSE(equal(variant, right.signature));
    EXPECT_TRUE(right.verifies(variant));
}

TEST(Ecdsa, refuses_keys_that_are_no_points) {
    const Signed right;
    const auto parses = [](ByteView bytes) { return VerifyingKey::parse(bytes).has_value(); };
    EXPECT_TRUE(parses(right.key.verifying_key().view()));
    EXPECT_EQ(test::accepted_damage(right.key.verifying_key().view(), parses), 0U);
}

TEST(Ecdsa, restores_a_saved_key_and_no_scalar_out_of_range) {
    const Signed right;
    const auto restored = SigningKey::restore(right.key.save().reveal()).value();
    EXPECT_EQ(restored.verifying_key(), right.key.verifying_key());
    EXPECT_EQ(restored.sign({bytes_of("message")}), right.signature);
    EXPECT_EQ(SigningKey::restore(fixed_hex<32>(zero_hex)).error(), Errc::bad_key);
    EXPECT_EQ(SigningKey::restore(fixed_hex<32>(n_hex)).error(), Errc::bad_key);
}

}  // namespace
}  // namespace parley::crypto
