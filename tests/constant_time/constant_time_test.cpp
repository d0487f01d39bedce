// FAULTS C23, ATTACKS 5, 25: no secret decides where the program goes or what it looks up. Each comparison of something
// secret is made under Memcheck with the secret poisoned; its twin, which stops at the first difference, must be
// reported. What a comparison came to is public: where the code under test goes on by it stands in outcomes.supp.
#include <gtest/gtest.h>

#include "constant_time/poison.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/mlkem768.h"
#include "net/access_token.h"
#include "store/envelope.h"
#include "unit/relay/table.h"
#include "world/random.h"

namespace parley {
namespace {

using test::complaints;
using test::poison;
using test::published;

/// Poisoned wherever it is used: from here on nobody knows what it is.
FixedBytes<32> secret_of(std::uint8_t byte) {
    FixedBytes<32> secret;
    secret.fill(byte);
    poison(secret);
    return secret;
}

constexpr crypto::Salt salt{};
constexpr auto label = crypto::labels::profile_box;

Bytes box_under(std::uint8_t byte) {
    FixedBytes<32> secret;
    secret.fill(byte);
    Bytes box(crypto::box_overhead + 100);
    crypto::seal_box(secret, label, salt, {}, Bytes(100), box);
    return box;
}

TEST(ConstantTime, a_commitment) {
    const auto box = box_under(1);
    for (const std::uint8_t other : {std::uint8_t{1}, std::uint8_t{2}}) {
        const auto secret = secret_of(other);
        bool commits = false;
        EXPECT_EQ(complaints([&] { commits = published(crypto::commits_to(secret, label, salt, box)); }), 0U);
        EXPECT_EQ(commits, other == 1);
    }
}

TEST(ConstantTime, twin_of_a_commitment) {
    const auto box = box_under(1);
    const auto keys = crypto::hkdf<64>(salt, secret_of(2), {label});
    const auto commitment = keys.reveal().last<crypto::commitment_size>();
    EXPECT_GT(complaints([&] { (void)published(equal(commitment, ByteView(box).first(commitment.size()))); }), 0U);
}

TEST(ConstantTime, a_box_that_opens_and_one_that_does_not) {
    const auto box = box_under(1);
    auto damaged = box;
    damaged.back() ^= 1U;
    const auto secret = secret_of(1);
    const auto other = secret_of(2);
    Bytes plaintext(100);
    bool opened = false;
    bool opened_damaged = true;
    bool opened_other = true;
    EXPECT_EQ(complaints([&] { opened = crypto::open_box(secret, label, salt, {}, box, plaintext).has_value(); }), 0U);
    EXPECT_EQ(complaints([&] {
                  opened_damaged = crypto::open_box(secret, label, salt, {}, damaged, plaintext).has_value();
                  opened_other = crypto::open_box(other, label, salt, {}, box, plaintext).has_value();
              }),
              0U);
    EXPECT_TRUE(published(opened));
    EXPECT_FALSE(published(opened_damaged) || published(opened_other));
}

/// A code of a secret key beside the one that came; true where they are the same.
template <class Equal>
bool code_verifies(Equal&& same) {
    FixedBytes<32> code;
    crypto::hmac_sha256(secret_of(1), {bytes_of("what came")}, code);
    return published(same(ByteView(code), ByteView(Bytes(32))));
}

TEST(ConstantTime, a_code) {
    EXPECT_EQ(complaints([] { EXPECT_FALSE(code_verifies(equal_constant_time)); }), 0U);
}
TEST(ConstantTime, twin_of_a_code) {
    EXPECT_GT(complaints([] { EXPECT_FALSE(code_verifies(equal)); }), 0U);
}

struct Door {
    FixedBytes<16> right{1, 2, 3};
    crypto::Digest256 digest = crypto::sha256({right});
    net::AccessToken token = net::AccessToken::parse(to_hex(digest.view())).value();
};

TEST(ConstantTime, an_access_token) {
    const Door door;
    for (const std::uint8_t first : {std::uint8_t{1}, std::uint8_t{9}}) {
        auto shown = door.right;
        shown[0] = first;
        poison(shown);
        bool admitted = false;
        EXPECT_EQ(complaints([&] { admitted = published(door.token.admits(shown)); }), 0U);
        EXPECT_EQ(admitted, first == 1);
    }
}
TEST(ConstantTime, twin_of_an_access_token) {
    const Door door;
    auto shown = door.right;
    poison(shown);
    EXPECT_GT(complaints([&] { (void)published(equal(crypto::sha256({shown}).view(), door.digest.view())); }), 0U);
}

/// Somebody who wants the seat of another, and how the relay's core decides.
unsigned complaints_of_a_seat(std::uint64_t shown) {
    relay::testing::Table table;
    table.join(2);
    auto frame = table.join_frame(2);
    frame.secret = relay::testing::secret(shown);
    poison(frame.secret);
    relay::ConnectionId guest{};
    const auto found = complaints([&] { guest = table.join(frame); });
    EXPECT_EQ(table.at(guest).refused(wire::RefuseReason::wrong_secret), shown != 2);
    return found;
}

TEST(ConstantTime, a_seats_secret) {
    EXPECT_EQ(complaints_of_a_seat(2), 0U);
    EXPECT_EQ(complaints_of_a_seat(3), 0U);
}
TEST(ConstantTime, twin_of_a_seats_secret) {
    const auto kept = secret_of(2);
    EXPECT_GT(complaints([&] { (void)published(equal(kept, relay::testing::secret(3))); }), 0U);
}

/// The profile of somebody, and a key that is another's.
struct Sealed {
    test::SeededRandom random{1};
    store::KeySource source = store::new_key_source(store::Unlock::Kind::passphrase, {64, 1, 1}, random);
    store::LockedKey key = key_of("right");
    Bytes file = store::seal_file({source, 1}, Bytes(100), key, random);

    store::LockedKey key_of(std::string_view passphrase) const {
        return store::derive_key({store::Unlock::Kind::passphrase, SecretBytes(bytes_of(passphrase))}, source);
    }
};

TEST(ConstantTime, a_passphrase) {
    const Sealed sealed;
    const auto key = sealed.key_of("wrong");
    poison(key.reveal());
    auto verdict = Errc::closed;
    EXPECT_EQ(complaints([&] { verdict = store::open_file(sealed.file, key).error().code; }), 0U);
    EXPECT_EQ(verdict, Errc::wrong_key);
}
TEST(ConstantTime, twin_of_a_passphrase) {
    const Sealed sealed;
    const auto key = sealed.key_of("wrong");
    poison(key.reveal());
    EXPECT_GT(complaints([&] { (void)published(equal(key.reveal(), sealed.key.reveal())); }), 0U);
}

/// What is encapsulated decides nothing while it is opened: neither whether it is whole, nor any coefficient of it.
TEST(ConstantTime, a_ciphertext_of_ml_kem) {
    test::SeededRandom random(2);
    const auto key = crypto::DecapsulationKey::generate(random);
    auto ciphertext = crypto::encapsulate(key.encapsulation_key(), random).ciphertext;
    for (const bool damaged : {false, true}) {
        if (damaged) ciphertext[7] ^= 1U;
        auto shown = ciphertext;
        poison(shown);
        EXPECT_EQ(complaints([&] { (void)crypto::decapsulate(key, shown).value(); }), 0U) << damaged;
    }
}
TEST(ConstantTime, twin_of_a_ciphertext_of_ml_kem) {
    const Bytes encapsulated_again(crypto::kem_ciphertext_size);
    auto shown = encapsulated_again;
    poison(shown);
    EXPECT_GT(complaints([&] { (void)published(equal(shown, encapsulated_again)); }), 0U);
}

}  // namespace
}  // namespace parley
