// Hashes, MACs and derivation against what their specifications print.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "support/hex.h"

namespace parley::crypto {
namespace {

using test::from_hex;

Bytes derived(ByteView salt, ByteView ikm, Parts info, std::size_t size) {
    Bytes out(size);
    EXPECT_TRUE(hkdf_sha256(salt, ikm, info, out));
    return out;
}

Bytes mac(ByteView key, Parts parts) {
    FixedBytes<32> out;
    hmac_sha256(key, parts, out);
    return to_bytes(out);
}

Bytes counting(std::uint8_t first, std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = first++;
    return bytes;
}

// FIPS 180-4's examples.
TEST(Hash, gives_the_published_digests) {
    EXPECT_EQ(sha256({bytes_of("abc")}).hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256({}).hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha512({bytes_of("abc")})),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Hash, of_pieces_begins_anew_after_each_end) {
    Sha256 digest;
    for (int i = 0; i < 2; ++i) {
        for (const auto* piece : {"a", "bc"}) digest.add(bytes_of(piece));
        EXPECT_EQ(digest.finish(), sha256({bytes_of("abc")}));
    }
}

TEST(Hash, reads_its_parts_as_one_string) {
    EXPECT_EQ(sha256({bytes_of("a"), {}, bytes_of("bc")}), sha256({bytes_of("abc")}));
    EXPECT_EQ(sha512({bytes_of("a"), {}, bytes_of("bc")}), sha512({bytes_of("abc")}));
}

// RFC 4231 sections 4.2 and 4.3.
TEST(Hmac, gives_the_published_codes) {
    EXPECT_EQ(mac(Bytes(20, 0x0b), {bytes_of("Hi There")}),
              from_hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    EXPECT_EQ(mac(bytes_of("Jefe"), {bytes_of("what do ya want "), bytes_of("for nothing?")}),
              from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

TEST(Hmac, takes_an_empty_key_for_zeros_and_not_for_the_last_one) {
    const auto of_zeros = mac(Bytes(32), {bytes_of("text")});
    const auto used_before = mac(bytes_of("another key"), {bytes_of("text")});
    const auto of_nothing = mac({}, {bytes_of("text")});
    EXPECT_EQ(of_nothing, of_zeros);
    EXPECT_NE(of_nothing, used_before);
}

// RFC 5869 appendices A.1, A.2 and A.3.
TEST(Hkdf, derives_what_is_published) {
    EXPECT_EQ(derived(counting(0, 13), Bytes(22, 0x0b), {counting(0xf0, 10)}, 42),
              from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    EXPECT_EQ(
        derived(counting(0x60, 80), counting(0, 80), {counting(0xb0, 80)}, 82),
        from_hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                 "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    EXPECT_EQ(derived({}, Bytes(22, 0x0b), {}, 42),
              from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
}

// FAULTS C18, RFC 5869 section 2.3.
TEST(Hkdf, derives_255_blocks_and_no_byte_more) {
    EXPECT_EQ(derived({}, bytes_of("key"), {}, 255 * 32).size(), 8160U);
    Bytes too_much(255 * 32 + 1);
    EXPECT_EQ(hkdf_sha256({}, bytes_of("key"), {}, too_much).error(), Errc::too_large);
    EXPECT_EQ(too_much, Bytes(255 * 32 + 1)) << "nothing was written";
}

// FAULTS C18, RFC 5869 section 2.2.
TEST(Hkdf, takes_an_empty_salt_for_zeros) {
    EXPECT_EQ(derived({}, bytes_of("key"), {}, 64), derived(Bytes(32), bytes_of("key"), {}, 64));
}

TEST(Hkdf, reads_its_info_as_one_string) {
    EXPECT_EQ(derived({}, bytes_of("key"), {bytes_of("la"), {}, bytes_of("bel")}, 32),
              derived({}, bytes_of("key"), {bytes_of("label")}, 32));
}

TEST(Hkdf, remembers_nothing_of_an_earlier_use) {
    const auto fresh = derived({}, bytes_of("key"), {}, 32);
    (void)derived(bytes_of("salt"), bytes_of("other key"), {bytes_of("info")}, 64);
    EXPECT_EQ(derived({}, bytes_of("key"), {}, 32), fresh);
}

TEST(Hkdf, begins_equal_whatever_is_asked_and_differs_by_every_input) {
    const auto whole = derived(bytes_of("salt"), bytes_of("key"), {bytes_of("info")}, 64);
    EXPECT_TRUE(equal(derived(bytes_of("salt"), bytes_of("key"), {bytes_of("info")}, 33), ByteView(whole).first(33)));
    EXPECT_NE(derived(bytes_of("Salt"), bytes_of("key"), {bytes_of("info")}, 64), whole);
    EXPECT_NE(derived(bytes_of("salt"), bytes_of("Key"), {bytes_of("info")}, 64), whole);
    EXPECT_NE(derived(bytes_of("salt"), bytes_of("key"), {bytes_of("Info")}, 64), whole);
}

}  // namespace
}  // namespace parley::crypto
