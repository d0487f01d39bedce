// Nothing of a secret remains when its owner is gone, in OpenSSL's contexts neither, which are reused:
// forward secrecy ends where a message key outlives its message.
#include <gtest/gtest.h>

#include "crypto/box.h"
#include "crypto/ecdsa.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/mlkem768.h"
#include "support/residue.h"

namespace parley::crypto {
namespace {

using test::Marker;
using test::remains_in_memory;
using Key = Secret<struct ResidueKeyTag, 32>;

const Bytes text(200, 't');

class MarkedRandom final : public Random {
public:
    explicit MarkedRandom(const Marker& marker) : marker_(marker) {}
    void fill(MutableBytes out) override { marker_.write(out); }

private:
    const Marker& marker_;
};

Key key_of(const Marker& marker) {
    return Key::filled([&](auto out) { marker.write(out); });
}

/// Whether a key is still there after this use of it, and of nothing else after it.
template <class Use>
bool remains_after(const Marker& marker, Use use) {
    use(key_of(marker).reveal());
    return remains_in_memory(marker);
}

TEST(Residue, is_found_while_a_secret_lives_and_where_one_was_not_wiped) {
    const Marker marker(1);
    Bytes copied(32);
    marker.write(copied);
    EXPECT_TRUE(remains_in_memory(marker)) << "twin: a copy in plain bytes";
    wipe(copied);
    EXPECT_FALSE(remains_in_memory(marker));
}

TEST(Residue, of_a_mac_key_is_none) {
    EXPECT_FALSE(remains_after(Marker(2), [](FixedView<32> key) {
        FixedBytes<32> out;
        hmac_sha256(key, {text}, out);
    }));
}

TEST(Residue, of_the_inputs_of_a_derivation_is_none) {
    EXPECT_FALSE(remains_after(Marker(3), [](FixedView<32> key) { (void)hkdf<64>(text, key, {text}); })) << "ikm";
    EXPECT_FALSE(remains_after(Marker(4), [](FixedView<32> key) { (void)hkdf<64>(key, text, {text}); })) << "salt";
}

// FAULTS H07
TEST(Residue, of_a_content_key_is_none) {
    Bytes sealed(text.size() + tag_size);
    Bytes opened(text.size());
    EXPECT_FALSE(remains_after(Marker(5), [&](FixedView<32> key) { seal(key, Nonce{}, {}, text, sealed); }));
    EXPECT_FALSE(
        remains_after(Marker(5), [&](FixedView<32> key) { EXPECT_TRUE(open(key, Nonce{}, {}, sealed, opened)); }));
    sealed[0] ^= 1;
    EXPECT_FALSE(
        remains_after(Marker(5), [&](FixedView<32> key) { EXPECT_FALSE(open(key, Nonce{}, {}, sealed, opened)); }));
}

// A public key is kept and sent on; the private one it came from must not live on with it.
// FAULTS H07
TEST(Residue, of_a_private_key_is_none_while_its_public_key_is_kept) {
    const Marker scalar(6);
    const auto kept = [&] { return P256PrivateKey::restore(key_of(scalar).reveal()).value().public_key(); }();
    EXPECT_FALSE(remains_in_memory(scalar));
    EXPECT_FALSE(remains_in_memory(scalar.reversed()));
    EXPECT_TRUE(P256PublicKey::parse(kept.view()));
}

TEST(Residue, of_a_signing_key_is_none_while_its_verifying_key_is_kept) {
    const Marker scalar(6);
    const auto kept = [&] { return SigningKey::restore(key_of(scalar).reveal()).value().verifying_key(); }();
    EXPECT_FALSE(remains_in_memory(scalar));
    EXPECT_FALSE(remains_in_memory(scalar.reversed()));
    EXPECT_FALSE(kept.verify({text}, Signature{}));
}

TEST(Residue, of_a_seed_is_none) {
    const Marker seed(8);
    MarkedRandom random(seed);
    const auto point = P256PrivateKey::generate(random).public_key();
    EXPECT_FALSE(remains_in_memory(seed)) << "P-256";
    const auto kept = DecapsulationKey::generate(random).encapsulation_key();
    EXPECT_FALSE(remains_in_memory(seed)) << "ML-KEM";
    (void)encapsulate(kept, random);
    EXPECT_FALSE(remains_in_memory(seed)) << "encapsulation";
}

}  // namespace
}  // namespace parley::crypto
