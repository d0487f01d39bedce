// A key that exists is valid, and agreement never gives away anything.
#include "crypto/p256.h"

#include <gtest/gtest.h>

#include "support/damage.h"
#include "support/hex.h"
#include "world/random.h"

namespace parley::crypto {
namespace {

using test::fixed_hex;
using test::from_hex;

// SEC 2 section 2.4.2.
constexpr auto p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
constexpr auto n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr auto n_less_1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
constexpr auto n_more_1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552";
constexpr auto generator_x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
constexpr auto generator_y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
/// The square root of the curve's b: with x = 0 it is on the curve.
constexpr auto root_of_b = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";

constexpr auto zero = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr auto one = "0000000000000000000000000000000000000000000000000000000000000001";

Bytes point(std::string_view x, std::string_view y) { return from_hex("04" + std::string(x) + std::string(y)); }

bool parses(ByteView bytes) { return P256PublicKey::parse(bytes).has_value(); }

/// Twin: the invalid-curve flaw, a look at the length and the first byte only.
bool parses_without_the_curve(ByteView bytes) { return bytes.size() == 65 && bytes[0] == 0x04; }

struct TwoKeys {
    test::SeededRandom random{3};
    P256PrivateKey ours = P256PrivateKey::generate(random);
    P256PrivateKey theirs = P256PrivateKey::generate(random);
};

/// A key whose x coordinate begins with a zero byte: one in 256 does.
P256PublicKey key_with_leading_zero() {
    test::SeededRandom random(4);
    for (;;) {
        const auto key = P256PrivateKey::generate(random);
        if (key.public_key().view()[1] == 0) return key.public_key();
    }
}

TEST(P256, agrees_on_one_secret_from_both_sides) {
    const TwoKeys keys;
    const auto ours = agree(keys.ours, keys.theirs.public_key()).value();
    const auto theirs = agree(keys.theirs, keys.ours.public_key()).value();
    EXPECT_TRUE(equal(ours.reveal(), theirs.reveal()));
}

TEST(P256, has_the_generator_for_the_public_key_of_one) {
    const auto key = P256PrivateKey::restore(fixed_hex<32>(one)).value();
    EXPECT_TRUE(equal(key.public_key().view(), point(generator_x, generator_y)));
    EXPECT_TRUE(equal(key.save().reveal(), from_hex(one))) << "32 bytes, zeros in front";
}

// FAULTS C01, ATTACKS 4
TEST(P256, refuses_every_damaged_point) {
    const TwoKeys keys;
    EXPECT_EQ(test::accepted_damage(keys.ours.public_key().view(), parses), 0U);
}

TEST(P256, would_be_caught_not_checking_the_curve) {
    const TwoKeys keys;
    EXPECT_EQ(test::accepted_damage(keys.ours.public_key().view(), parses_without_the_curve), 64U * 8);
}

// FAULTS C01, ATTACKS 4
TEST(P256, refuses_other_encodings_of_points) {
    const auto x = std::string(generator_x);
    const auto y = std::string(generator_y);
    EXPECT_TRUE(parses(from_hex("04" + x + y)));
    EXPECT_FALSE(parses(from_hex("03" + x))) << "compressed";
    EXPECT_FALSE(parses(from_hex("07" + x + y))) << "hybrid";
    EXPECT_FALSE(parses(from_hex("03" + x + y))) << "compressed, something behind";
    EXPECT_FALSE(parses(from_hex(x + y))) << "64 bytes";
    EXPECT_FALSE(parses(from_hex("0400" + x + y))) << "66 bytes";
    EXPECT_FALSE(parses(from_hex("00"))) << "the point at infinity";
    EXPECT_FALSE(parses({}));
}

// FAULTS C01
TEST(P256, refuses_coordinates_that_are_no_point) {
    EXPECT_FALSE(parses(point(zero, zero)));
    EXPECT_FALSE(parses(point(std::string(64, 'f'), std::string(64, 'f'))));
    EXPECT_TRUE(parses(point(zero, root_of_b)));
    EXPECT_FALSE(parses(point(p, root_of_b))) << "the same point with x not reduced";
}

// FAULTS C03: reflected, copied and restored, it is still our own.
TEST(P256, refuses_to_agree_with_its_own_key) {
    const TwoKeys keys;
    const auto reflected = P256PublicKey::parse(keys.ours.public_key().view()).value();
    const auto saved = keys.ours.save();
    EXPECT_EQ(agree(keys.ours, reflected).error(), Errc::bad_key);
    EXPECT_EQ(agree(keys.ours.duplicate(), reflected).error(), Errc::bad_key);
    EXPECT_EQ(agree(P256PrivateKey::restore(saved.reveal()).value(), reflected).error(), Errc::bad_key);
}

// FAULTS C04
TEST(P256, restores_scalars_from_1_to_n_less_1_only) {
    const auto restores = [](std::string_view scalar) {
        return P256PrivateKey::restore(fixed_hex<32>(scalar)).has_value();
    };
    EXPECT_FALSE(restores(zero));
    EXPECT_TRUE(restores(one));
    EXPECT_TRUE(restores(n_less_1));
    EXPECT_FALSE(restores(n));
    EXPECT_FALSE(restores(n_more_1));
    EXPECT_FALSE(restores(std::string(64, 'f')));
}

// FAULTS C04: one times a point is the point, so the secret must be its x, zeros and all.
TEST(P256, keeps_the_leading_zeros_of_a_shared_secret) {
    const auto theirs = key_with_leading_zero();
    const auto unit = P256PrivateKey::restore(fixed_hex<32>(one)).value();
    EXPECT_TRUE(equal(agree(unit, theirs).value().reveal(), theirs.view().subspan(1, 32)));
    const auto minus_unit = P256PrivateKey::restore(fixed_hex<32>(n_less_1)).value();
    EXPECT_TRUE(equal(agree(minus_unit, theirs).value().reveal(), theirs.view().subspan(1, 32)));
}

TEST(P256, saves_and_restores_a_private_key) {
    const TwoKeys keys;
    const auto restored = P256PrivateKey::restore(keys.ours.save().reveal()).value();
    EXPECT_EQ(restored.public_key(), keys.ours.public_key());
}

TEST(P256, generates_another_key_each_time_and_the_same_from_the_same_randomness) {
    const TwoKeys keys;
    const TwoKeys again;
    EXPECT_NE(keys.ours.public_key(), keys.theirs.public_key());
    EXPECT_EQ(keys.ours.public_key(), again.ours.public_key());
}

}  // namespace
}  // namespace parley::crypto
