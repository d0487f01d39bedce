// PROTOCOL 2.1: two keys, one certified by the other.
#include "identity/identity.h"

#include <gtest/gtest.h>

#include "crypto/labels.h"
#include "support/damage.h"
#include "support/hex.h"
#include "world/random.h"

namespace parley::identity {
namespace {

struct TwoPeople {
    test::SeededRandom random{12};
    Identity ada = Identity::generate(random);
    Identity mallory = Identity::generate(random);
};

bool parses(ByteView bytes) { return PublicIdentity::parse(bytes).has_value(); }

/// signing key of one || agreement key of another.
PublicIdentity spliced(const PublicIdentity& signing, const PublicIdentity& agreement) {
    auto bytes = to_bytes(signing.signing_key().view());
    append(bytes, agreement.agreement_key().view());
    return PublicIdentity::parse(bytes).value();
}

/// Twin: looks whether the signer signed some agreement key, not whether this one.
bool check_of_the_signature_alone(const PublicIdentity& claimed, const PublicIdentity& signer, ByteView certificate) {
    const Bytes version{1};
    return claimed.signing_key()
        .verify({crypto::labels::identity_certificate, version, signer.agreement_key().view()}, certificate)
        .has_value();
}

/// a - b, both of 32 bytes, a > b.
Bytes difference(Bytes a, ByteView b) {
    int borrow = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int digit = a[i] - b[i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        a[i] = static_cast<std::uint8_t>(digit + 256 * borrow);
    }
    return a;
}

TEST(Identity, is_certified_by_itself) {
    const TwoPeople people;
    EXPECT_TRUE(people.ada.public_identity().check(people.ada.certificate()));
}

TEST(Identity, comes_back_whole_from_its_130_bytes) {
    const TwoPeople people;
    const auto bytes = people.ada.public_identity().bytes();
    const auto parsed = PublicIdentity::parse(bytes).value();
    EXPECT_EQ(parsed, people.ada.public_identity());
    EXPECT_EQ(parsed.bytes(), bytes);
    EXPECT_NE(parsed, people.mallory.public_identity());
}

TEST(Identity, comes_back_whole_from_what_it_saved) {
    const TwoPeople people;
    const auto restored = Identity::restore(people.ada.save().reveal()).value();
    EXPECT_EQ(restored.public_identity(), people.ada.public_identity());
    EXPECT_EQ(restored.certificate(), people.ada.certificate());
    EXPECT_EQ(restored.agreement_key().public_key(), people.ada.agreement_key().public_key());
}

TEST(Identity, is_not_restored_from_scalars_out_of_range) {
    const TwoPeople people;
    FixedBytes<64> scalars;
    std::ranges::copy(people.ada.save().reveal(), scalars.begin());
    std::fill_n(scalars.begin(), 32, std::uint8_t{0});
    EXPECT_EQ(Identity::restore(scalars).error(), Errc::bad_key) << "signing";
    std::ranges::copy(people.ada.save().reveal(), scalars.begin());
    std::fill_n(scalars.begin() + 32, 32, std::uint8_t{0xff});
    EXPECT_EQ(Identity::restore(scalars).error(), Errc::bad_key) << "agreement";
}

// FAULTS C01
TEST(Identity, refuses_all_damage_to_its_keys) {
    const TwoPeople people;
    EXPECT_EQ(test::accepted_damage(people.ada.public_identity().bytes(), parses), 0U);
}

// FAULTS C03
TEST(Identity, refuses_one_key_for_two_purposes) {
    const TwoPeople people;
    auto bytes = to_bytes(people.ada.public_identity().signing_key().view());
    append(bytes, people.ada.public_identity().signing_key().view());
    EXPECT_EQ(PublicIdentity::parse(bytes).error(), Errc::bad_key);
}

// ATTACKS 18
TEST(Identity, refuses_all_damage_to_its_certificate) {
    const TwoPeople people;
    const auto checks = [&](ByteView bytes) { return people.ada.public_identity().check(bytes).has_value(); };
    EXPECT_EQ(test::accepted_damage(people.ada.certificate(), checks), 0U);
}

// ATTACKS 17: an agreement key or a certificate that was swapped on the way.
TEST(Identity, refuses_a_certificate_for_other_keys) {
    const TwoPeople people;
    const auto& ada = people.ada.public_identity();
    const auto& mallory = people.mallory.public_identity();
    EXPECT_EQ(ada.check(people.mallory.certificate()).error(), Errc::bad_tag);
    EXPECT_EQ(spliced(ada, mallory).check(people.ada.certificate()).error(), Errc::bad_tag);
    EXPECT_EQ(spliced(mallory, ada).check(people.ada.certificate()).error(), Errc::bad_tag);
    EXPECT_TRUE(check_of_the_signature_alone(spliced(ada, mallory), ada, people.ada.certificate()))
        << "twin: a check that leaves out the key takes the swapped one";
}

// FAULTS C19: who somebody is does not depend on which of the two valid signatures came along.
TEST(Identity, is_the_same_with_the_other_signature_of_the_pair) {
    const TwoPeople people;
    const auto n = test::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const ByteView certificate = people.ada.certificate();
    auto other = to_bytes(certificate.first(32));
    append(other, difference(n, certificate.last(32)));
    EXPECT_FALSE(equal(other, certificate));
    const auto parsed = PublicIdentity::parse(people.ada.public_identity().bytes()).value();
    EXPECT_TRUE(parsed.check(other));
    EXPECT_EQ(parsed, people.ada.public_identity());
}

}  // namespace
}  // namespace parley::identity
