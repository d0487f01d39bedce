// FAULTS C20, ATTACKS 23: one ciphertext that opens under two keys. GCM allows it; the box does not.
#include "unit/ratchet/people.h"

#include "crypto/box.h"
#include "crypto/hkdf.h"
#include "ratchet/suite.h"

namespace parley::ratchet {
namespace {

using namespace testing;

/// An element of GF(2^128) as GCM writes it: bit 0 is the most significant one of byte 0 (SP 800-38D section 6.3).
using Element = FixedBytes<16>;

Element plus(Element a, const Element& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] ^= b[i];
    return a;
}

bool bit(const Element& a, std::size_t i) { return ((a[i / 8] >> (7 - i % 8)) & 1U) != 0; }

Element times_x(const Element& a) {
    Element out{};
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto carry = i == 0 ? 0U : static_cast<unsigned>(a[i - 1] & 1U) << 7U;
        out[i] = static_cast<std::uint8_t>(a[i] >> 1U | carry);
    }
    if (bit(a, 127)) out[0] ^= 0xe1;
    return out;
}

Element times(const Element& a, Element b) {
    Element sum{};
    for (std::size_t i = 0; i < 128; ++i, b = times_x(b)) {
        if (bit(a, i)) sum = plus(sum, b);
    }
    return sum;
}

/// a^(2^128 - 2).
Element inverse(Element a) {
    Element out = times(a, a);
    for (int i = 2; i < 128; ++i) {
        a = times(a, a);
        out = times(out, times(a, a));
    }
    return out;
}

/// One of the attacker's two content keys, and what of AES she needs of it.
struct Key {
    explicit Key(std::uint8_t byte) : key(secret(byte)) {}

    static crypto::AeadKey secret(std::uint8_t byte) {
        return crypto::AeadKey::filled([byte](auto out) { std::ranges::fill(out, byte); });
    }
    /// The tag of a ciphertext under this key and nonce zero, computed by opening nothing: GCM with
    /// the keystream taken off.
    Element tag_of(ByteView ciphertext) const {
        Bytes keystream(ciphertext.size() + 16);
        crypto::seal(key.reveal(), crypto::Nonce{}, {}, Bytes(ciphertext.size()), keystream);
        Bytes plaintext(ciphertext.size());
        for (std::size_t i = 0; i < plaintext.size(); ++i) plaintext[i] = keystream[i] ^ ciphertext[i];
        Bytes sealed(ciphertext.size() + 16);
        crypto::seal(key.reveal(), crypto::Nonce{}, {}, plaintext, sealed);
        Element tag;
        std::copy_n(sealed.end() - 16, 16, tag.begin());
        return tag;
    }
    /// What one more bit pattern in the first of two blocks does to the tag: pattern * weight.
    Element weight() const {
        Bytes zero(32);
        Bytes one(32);
        one[0] = 0x80;  // the element 1
        return plus(tag_of(zero), tag_of(one));
    }

    crypto::AeadKey key;
};

/// A ciphertext of two blocks and one tag that verifies under both keys.
Bytes salamander(const Key& first, const Key& second) {
    Bytes ciphertext(32, 0x21);
    std::fill_n(ciphertext.begin(), 16, std::uint8_t{0});
    const auto difference = plus(first.tag_of(ciphertext), second.tag_of(ciphertext));
    const auto block = times(difference, inverse(plus(first.weight(), second.weight())));
    std::ranges::copy(block, ciphertext.begin());
    append(ciphertext, first.tag_of(ByteView(ciphertext).first(32)));
    return ciphertext;
}

TEST(Salamander, opens_under_both_keys_of_bare_GCM) {
    const Key first(1);
    const Key second(2);
    const auto sealed = salamander(first, second);
    Bytes one(32);
    Bytes two(32);
    EXPECT_TRUE(crypto::open(first.key.reveal(), {}, {}, sealed, one))
        << "twin: this is what a box without commitment takes";
    EXPECT_TRUE(crypto::open(second.key.reveal(), {}, {}, sealed, two));
    EXPECT_NE(one, two);
}

/// K of the content box of a message key.
Key content_key(const MessageKey& key, const crypto::Salt& salt) {
    Key made(0);
    made.key =
        crypto::AeadKey(crypto::hkdf<64>(salt, key.reveal(), {crypto::labels::ratchet_box}).reveal().first<32>());
    return made;
}

// FAULTS C20, ATTACKS 23
TEST(Salamander, opens_under_one_message_key_of_the_box_at_most) {
    const auto message_key = [](std::uint8_t byte) {
        return MessageKey::filled([byte](auto out) { std::ranges::fill(out, byte); });
    };
    const auto first = message_key(1);
    const auto second = message_key(2);
    const crypto::Salt salt{};
    const auto sealed = salamander(content_key(first, salt), content_key(second, salt));
    const auto opened = [&](const MessageKey& key, const MessageKey& committed) {
        const auto keys = crypto::hkdf<64>(salt, committed.reveal(), {crypto::labels::ratchet_box});
        Bytes box = to_bytes(keys.reveal().last<32>());
        append(box, sealed);
        Bytes out(32);
        return crypto::open_box(key.reveal(), crypto::labels::ratchet_box, salt, {}, box, out).has_value();
    };
    EXPECT_TRUE(opened(first, first));
    EXPECT_FALSE(opened(second, first)) << "the same bytes, another key";
    EXPECT_TRUE(opened(second, second));
    EXPECT_FALSE(opened(first, second));
}

}  // namespace
}  // namespace parley::ratchet
