// AES-256-GCM: nothing but the whole tag opens.
#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "support/damage.h"
#include "world/random.h"

namespace parley::crypto {
namespace {

struct Sealed {
    test::SeededRandom random{1};
    AeadKey key = random.secret<AeadKey>();
    Nonce nonce = random.bytes<12>();
    Bytes aad = to_bytes(bytes_of("header"));
    Bytes plaintext = to_bytes(bytes_of("attack at dawn"));
    Bytes sealed = seal_now();

    Bytes seal_now() const {
        Bytes out(plaintext.size() + tag_size);
        seal(key.reveal(), nonce, aad, plaintext, out);
        return out;
    }
    bool opens(ByteView bytes) const {
        Bytes out(bytes.size() < tag_size ? 0 : bytes.size() - tag_size);
        return open(key.reveal(), nonce, aad, bytes, out).has_value();
    }
};

/// The flaw of ATTACKS 18: the tag that is there is compared, its length is not.
bool opens_with_any_length_of_tag(const Sealed& right, ByteView bytes) {
    const auto size = right.plaintext.size();
    if (bytes.size() < size) return false;
    return std::ranges::equal(bytes.first(std::min(bytes.size(), right.sealed.size())),
                              ByteView(right.sealed).first(std::min(bytes.size(), right.sealed.size())));
}

TEST(Aead, opens_what_was_sealed) {
    const Sealed right;
    Bytes out(right.plaintext.size());
    ASSERT_TRUE(open(right.key.reveal(), right.nonce, right.aad, right.sealed, out));
    EXPECT_EQ(out, right.plaintext);
}

TEST(Aead, opens_an_empty_plaintext_with_no_aad) {
    Sealed empty;
    empty.aad.clear();
    empty.plaintext.clear();
    EXPECT_TRUE(empty.opens(empty.seal_now()));
}

// ATTACKS 18, FAULTS C17: empty, one byte, truncated, extended, each bit flipped.
TEST(Aead, refuses_all_damage) {
    const Sealed right;
    EXPECT_EQ(test::accepted_damage(right.sealed, [&](ByteView bytes) { return right.opens(bytes); }), 0U);
}

// ATTACKS 18
TEST(Aead, would_be_caught_taking_a_truncated_or_extended_tag) {
    const Sealed right;
    const auto flawed = [&](ByteView bytes) { return opens_with_any_length_of_tag(right, bytes); };
    EXPECT_EQ(test::accepted_damage(right.sealed, flawed), tag_size + 3) << "prefixes and extensions, no flipped bit";
}

TEST(Aead, names_a_missing_tag_and_a_wrong_tag_apart) {
    const Sealed right;
    Bytes out(right.plaintext.size());
    const auto damaged = test::with_bit_flipped(right.sealed, 0);
    EXPECT_EQ(open(right.key.reveal(), right.nonce, right.aad, damaged, out).error(), Errc::bad_tag);
    EXPECT_EQ(open(right.key.reveal(), right.nonce, right.aad, Bytes(15), {}).error(), Errc::truncated);
}

// ATTACKS 6
TEST(Aead, leaves_no_unproven_plaintext_behind) {
    const Sealed right;
    Bytes out(right.plaintext.size(), 0xaa);
    const auto damaged = test::with_bit_flipped(right.sealed, right.sealed.size() * 8 - 1);
    ASSERT_FALSE(open(right.key.reveal(), right.nonce, right.aad, damaged, out));
    EXPECT_EQ(out, Bytes(out.size())) << "not even where only the tag was wrong";
}

TEST(Aead, refuses_another_key_nonce_or_aad) {
    const Sealed right;
    Bytes out(right.plaintext.size());
    const auto other_key = test::with_bit_flipped(right.key.reveal(), 7);
    auto other_nonce = right.nonce;
    other_nonce[11] ^= 1;
    const auto other_aad = test::with_bit_flipped(right.aad, 3);
    EXPECT_FALSE(open(FixedView<32>(other_key), right.nonce, right.aad, right.sealed, out));
    EXPECT_FALSE(open(right.key.reveal(), other_nonce, right.aad, right.sealed, out));
    EXPECT_FALSE(open(right.key.reveal(), right.nonce, other_aad, right.sealed, out));
    EXPECT_FALSE(open(right.key.reveal(), right.nonce, {}, right.sealed, out));
}

}  // namespace
}  // namespace parley::crypto
