// FAULTS C29: what the library must refuse, and what it must not.
#include "crypto/mlkem768.h"

#include <gtest/gtest.h>

#include "support/damage.h"
#include "world/random.h"

namespace parley::crypto {
namespace {

constexpr unsigned modulus = 3329;  // FIPS 203 section 2.4.1
constexpr std::size_t coefficients = 3 * 256;

struct Exchange {
    test::SeededRandom random{5};
    DecapsulationKey ours = DecapsulationKey::generate(random);
    Encapsulated made = encapsulate(ours.encapsulation_key(), random);

    Bytes secret_of(ByteView ciphertext) const { return to_bytes(decapsulate(ours, ciphertext).value().reveal()); }
    Bytes key() const { return to_bytes(ours.encapsulation_key().view()); }
};

/// ByteEncode with 12 bits a coefficient (FIPS 203 algorithm 5): two of them in three bytes.
Bytes with_coefficient(Bytes key, std::size_t index, unsigned value) {
    auto* three = key.data() + index / 2 * 3;
    if (index % 2 == 0) {
        three[0] = static_cast<std::uint8_t>(value & 0xffU);
        three[1] = static_cast<std::uint8_t>((three[1] & 0xf0U) | value >> 8U);
    } else {
        three[1] = static_cast<std::uint8_t>((three[1] & 0x0fU) | (value & 0x0fU) << 4U);
        three[2] = static_cast<std::uint8_t>(value >> 4U);
    }
    return key;
}

bool parses(ByteView bytes) { return EncapsulationKey::parse(bytes).has_value(); }

/// Twin: the missing input check of ATTACKS 25.
bool parses_by_length(ByteView bytes) { return bytes.size() == kem_key_size; }

/// In how many places a coefficient beyond the modulus is taken.
template <class Parses>
std::size_t overflows_taken(Parses parses_key) {
    const Exchange exchange;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < coefficients; ++i) {
        for (const unsigned value : {modulus, 0xfffU}) {
            taken += parses_key(with_coefficient(exchange.key(), i, value)) ? 1 : 0;
        }
    }
    return taken;
}

TEST(MlKem768, gives_both_sides_one_secret) {
    const Exchange exchange;
    EXPECT_EQ(exchange.secret_of(exchange.made.ciphertext), to_bytes(exchange.made.shared.reveal()));
}

TEST(MlKem768, works_for_a_key_that_was_sent_and_one_that_was_saved) {
    Exchange exchange;
    const auto sent = EncapsulationKey::parse(exchange.key()).value();
    const auto made = encapsulate(sent, exchange.random);
    const auto restored = DecapsulationKey::restore(exchange.ours.save());
    EXPECT_EQ(restored.encapsulation_key(), exchange.ours.encapsulation_key());
    EXPECT_TRUE(equal(decapsulate(restored, made.ciphertext).value().reveal(), made.shared.reveal()));
    EXPECT_TRUE(equal(decapsulate(exchange.ours.duplicate(), made.ciphertext).value().reveal(), made.shared.reveal()));
}

TEST(MlKem768, refuses_keys_of_other_lengths) {
    const auto key = Exchange{}.key();
    EXPECT_TRUE(parses(key));
    for (const std::size_t size : {0U, 1U, 800U, 1183U}) EXPECT_FALSE(parses(ByteView(key).first(size))) << size;
    EXPECT_FALSE(parses(test::extended_by(key, 0)));
    EXPECT_EQ(EncapsulationKey::parse({}).error(), Errc::bad_key);
}

// FAULTS C29, ATTACKS 25, FIPS 203 section 7.2
TEST(MlKem768, refuses_a_coefficient_beyond_the_modulus_in_every_place) {
    const Exchange exchange;
    EXPECT_TRUE(parses(with_coefficient(exchange.key(), 0, modulus - 1)));
    EXPECT_TRUE(parses(with_coefficient(exchange.key(), coefficients - 1, modulus - 1)));
    EXPECT_EQ(overflows_taken(parses), 0U);
}

// ATTACKS 25
TEST(MlKem768, would_be_caught_checking_the_length_only) {
    EXPECT_EQ(overflows_taken(parses_by_length), 2 * coefficients);
}

// FAULTS C29
TEST(MlKem768, refuses_ciphertexts_of_other_lengths) {
    const Exchange exchange;
    const auto whole = ByteView(exchange.made.ciphertext);
    for (const std::size_t size : {0U, 1U, 768U, 1087U}) {
        EXPECT_EQ(decapsulate(exchange.ours, whole.first(size)).error(), Errc::bad_key) << size;
    }
    EXPECT_EQ(decapsulate(exchange.ours, test::extended_by(whole, 0)).error(), Errc::bad_key);
}

// FIPS 203 section 6.3: implicit rejection. No error to learn from, and nobody knows the secret.
// FAULTS C29
TEST(MlKem768, answers_a_damaged_ciphertext_with_a_secret_of_its_own) {
    const Exchange exchange;
    const auto right = to_bytes(exchange.made.shared.reveal());
    for (const std::size_t bit : {0U, 4000U, 8703U}) {
        const auto damaged = test::with_bit_flipped(exchange.made.ciphertext, bit);
        EXPECT_NE(exchange.secret_of(damaged), right);
        EXPECT_NE(exchange.secret_of(damaged), Bytes(32));
        EXPECT_EQ(exchange.secret_of(damaged), exchange.secret_of(damaged)) << "a function of key and ciphertext";
    }
    EXPECT_NE(exchange.secret_of(test::with_bit_flipped(exchange.made.ciphertext, 0)),
              exchange.secret_of(test::with_bit_flipped(exchange.made.ciphertext, 1)));
}

TEST(MlKem768, answers_the_ciphertext_of_another_key_with_another_secret) {
    Exchange exchange;
    const auto other = DecapsulationKey::generate(exchange.random);
    EXPECT_FALSE(equal(decapsulate(other, exchange.made.ciphertext).value().reveal(), exchange.made.shared.reveal()));
}

TEST(MlKem768, encapsulates_differently_each_time) {
    Exchange exchange;
    const auto again = encapsulate(exchange.ours.encapsulation_key(), exchange.random);
    EXPECT_NE(again.ciphertext, exchange.made.ciphertext);
    EXPECT_FALSE(equal(again.shared.reveal(), exchange.made.shared.reveal()));
}

}  // namespace
}  // namespace parley::crypto
