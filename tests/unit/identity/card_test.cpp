// PROTOCOL 2.7: a card opens in its room, at its seat, whole, or not at all.
#include "identity/card.h"

#include <gtest/gtest.h>

#include "crypto/box.h"
#include "support/damage.h"
#include "support/stuck_random.h"
#include "world/random.h"

namespace parley::identity {
namespace {

// Offsets in the plaintext, from the picture in the header.
constexpr std::size_t identity_at = 9;
constexpr std::size_t certificate_at = identity_at + 130;
constexpr std::size_t random_at = certificate_at + 64;
constexpr std::size_t name_length_at = random_at + 32;
constexpr std::size_t name_at = name_length_at + 1;

struct Shown {
    test::SeededRandom random{16};
    Identity ada = Identity::generate(random);
    RoomKey key = random.secret<RoomKey>();
    Place place{random.id<RoomId>(), random.id<SeatId>()};
    Card card{7, ada.public_identity(), ada.certificate(), random.bytes<32>(), "Ada"};
    Bytes plaintext = encode(card);
    Bytes sealed = seal_card(plaintext, key, place, random);

    bool opens(ByteView bytes) const { return open_card(bytes, key, place).has_value(); }
    /// The card with other bytes at one place; its author could have sealed it so.
    Bytes with(std::size_t at, ByteView bytes) const {
        auto changed = plaintext;
        std::ranges::copy(bytes, changed.begin() + static_cast<std::ptrdiff_t>(at));
        return changed;
    }
    Bytes named(std::string_view name) const {
        auto changed = plaintext;
        std::fill(changed.begin() + name_at, changed.end(), std::uint8_t{0});
        std::ranges::copy(bytes_of(name), changed.begin() + name_at);
        changed[name_length_at] = static_cast<std::uint8_t>(name.size());
        return changed;
    }
};

Errc code(ByteView plaintext) {
    const auto card = decode_card(plaintext);
    EXPECT_FALSE(card.has_value()) << "was not refused";
    return card ? Errc{} : card.error().code;
}

/// Twin: a card that authenticates nothing but itself.
struct Unbound {
    explicit Unbound(Shown& shown) : salt(crypto::box_salt(shown.key.reveal(), label, shown.plaintext, shown.random)) {
        crypto::seal_box(shown.key.reveal(), label, salt, {}, shown.plaintext, boxed);
    }
    /// Whatever the place.
    bool opens(const RoomKey& key, const Place&) const {
        Bytes out(card_size);
        return crypto::open_box(key.reveal(), label, salt, {}, boxed, out).has_value();
    }

    static constexpr auto label = crypto::labels::card_box;
    crypto::Salt salt;
    Bytes boxed = Bytes(card_size + crypto::box_overhead);
};

TEST(Card, comes_back_whole) {
    const Shown shown;
    const auto opened = open_card(shown.sealed, shown.key, shown.place).value();
    const auto card = decode_card(opened).value();
    EXPECT_EQ(card.number, 7U);
    EXPECT_EQ(card.identity, shown.card.identity);
    EXPECT_EQ(card.certificate, shown.card.certificate);
    EXPECT_EQ(card.random, shown.card.random);
    EXPECT_EQ(card.name, "Ada");
    EXPECT_EQ(encode(card), opened);
}

TEST(Card, has_one_size_whatever_the_name) {
    Shown shown;
    for (const std::size_t size : {1U, 3U, 64U}) {
        shown.card.name = std::string(size, 'x');
        const auto plaintext = encode(shown.card);
        EXPECT_EQ(plaintext.size(), card_size);
        EXPECT_EQ(seal_card(plaintext, shown.key, shown.place, shown.random).size(), sealed_card_size);
    }
}

// ATTACKS 18
TEST(Card, refuses_all_damage_to_what_was_sealed) {
    const Shown shown;
    EXPECT_EQ(test::accepted_damage(shown.sealed, [&](ByteView bytes) { return shown.opens(bytes); }), 0U);
}

// ATTACKS 3: the relay cannot show a card at another seat, in another room, or to who has no link.
TEST(Card, does_not_open_anywhere_else) {
    Shown shown;
    const Place other_seat{shown.place.room, shown.random.id<SeatId>()};
    const Place other_room{shown.random.id<RoomId>(), shown.place.seat};
    EXPECT_EQ(open_card(shown.sealed, shown.key, other_seat).error(), Errc::bad_tag);
    EXPECT_EQ(open_card(shown.sealed, shown.key, other_room).error(), Errc::bad_tag);
    EXPECT_EQ(open_card(shown.sealed, shown.random.secret<RoomKey>(), shown.place).error(), Errc::bad_tag);
    EXPECT_TRUE(Unbound(shown).opens(shown.key, other_seat)) << "twin";
}

TEST(Card, is_sealed_differently_each_time) {
    Shown shown;
    EXPECT_NE(seal_card(shown.plaintext, shown.key, shown.place, shown.random), shown.sealed);
}

// ATTACKS 24: two cards under a dead generator have two salts, so two keys.
TEST(Card, never_shares_a_salt_with_another_card) {
    Shown shown;
    test::StuckRandom stuck;
    const auto one = seal_card(shown.plaintext, shown.key, shown.place, stuck);
    const auto other = seal_card(shown.named("Bob"), shown.key, shown.place, stuck);
    EXPECT_FALSE(std::equal(one.begin(), one.begin() + 16, other.begin()));
}

// STYLE 2: what decodes has no second encoding.
TEST(Card, encodes_to_the_bytes_it_was_decoded_from_whatever_bit_was_changed) {
    const Shown shown;
    for (std::size_t bit = 0; bit < card_size * 8; ++bit) {
        const auto changed = test::with_bit_flipped(shown.plaintext, bit);
        const auto card = decode_card(changed);
        EXPECT_TRUE(!card || encode(*card) == changed) << "bit " << bit;
    }
}

// Only number, random bytes and name are its author's to choose.
TEST(Card, refuses_every_flipped_bit_of_version_keys_certificate_and_padding) {
    const Shown shown;
    const auto chosen = [](std::size_t at) {
        return (at >= 1 && at < identity_at) || (at >= random_at && at < name_at + 3);
    };
    for (std::size_t bit = 0; bit < card_size * 8; ++bit) {
        if (chosen(bit / 8)) continue;
        EXPECT_FALSE(decode_card(test::with_bit_flipped(shown.plaintext, bit))) << "bit " << bit;
    }
}

TEST(Card, has_exactly_1024_bytes) {
    const Shown shown;
    EXPECT_EQ(code(ByteView(shown.plaintext).first(1023)), Errc::truncated);
    EXPECT_EQ(code(test::extended_by(shown.plaintext, 0)), Errc::truncated);
    EXPECT_EQ(code({}), Errc::truncated);
}

TEST(Card, refuses_another_version) {
    const Shown shown;
    EXPECT_EQ(code(shown.with(0, Bytes{0})), Errc::unknown_type);
    EXPECT_EQ(code(shown.with(0, Bytes{2})), Errc::unknown_type);
}

TEST(Card, refuses_padding_that_is_not_zero) {
    const Shown shown;
    EXPECT_EQ(code(shown.with(name_at + 3, Bytes{1})), Errc::not_canonical) << "right behind the name";
    EXPECT_EQ(code(shown.with(card_size - 1, Bytes{0x80})), Errc::not_canonical) << "the last byte";
}

TEST(Card, refuses_bad_names) {
    const Shown shown;
    for (const std::string& name :
         {std::string(), std::string(65, 'x'), std::string(255, 'x'), std::string("\xff"), std::string("\xc0\x80"),
          std::string("\xed\xa0\x80"), std::string("half \xe2\x82")}) {
        EXPECT_FALSE(is_acceptable_name(name));
        EXPECT_EQ(code(shown.named(name)), Errc::bad_input);
    }
    for (const std::string name : {"x", "Ada Lovelace", "Зоя", "愛", "🦊"}) {
        EXPECT_TRUE(is_acceptable_name(name));
        EXPECT_EQ(decode_card(shown.named(name)).value().name, name);
    }
    EXPECT_TRUE(is_acceptable_name(std::string(64, 'x')));
}

TEST(CardDeathTest, with_a_bad_name_is_never_encoded) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const Shown shown;
    auto card = decode_card(shown.plaintext).value();
    card.name.clear();
    EXPECT_DEATH((void)encode(card), "acceptable name");
}

// ATTACKS 17, 20: keys of one, certificate of the other.
TEST(Card, refuses_keys_that_its_certificate_does_not_cover) {
    Shown shown;
    const auto mallory = Identity::generate(shown.random);
    const auto agreement = mallory.public_identity().agreement_key().view();
    EXPECT_EQ(code(shown.with(identity_at + 65, agreement)), Errc::bad_tag);
    EXPECT_EQ(code(shown.with(identity_at, mallory.public_identity().bytes())), Errc::bad_tag);
    EXPECT_EQ(code(shown.with(certificate_at, mallory.certificate())), Errc::bad_tag);
    EXPECT_EQ(code(shown.with(identity_at, Bytes(130))), Errc::bad_key);
}

}  // namespace
}  // namespace parley::identity
