// SPAKE2 as RFC 9382 prints it, and what a wrong password, a changed or a returned share leads to
// (ATTACKS 14: a home-made curve and scheme is how others gave their codes away).
#include "crypto/spake2.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "support/damage.h"
#include "support/hex.h"
#include "support/residue.h"
#include "support/scripted_random.h"

namespace parley::crypto {
namespace {

using test::from_hex;
using test::ScriptedRandom;

/// 32 bytes of a vector as the 48 that are reduced.
Bytes widened(std::string_view hex) {
    Bytes wide(16);
    append(wide, from_hex(hex));
    return wide;
}

Spake2Password password_of(ByteView wide) { return Spake2Password(wide.first<48>()); }
Spake2Password password(std::uint8_t seed) { return password_of(Bytes(48, seed)); }

Spake2Context context() { return {to_bytes(bytes_of("joiner")), to_bytes(bytes_of("inviter")), {}}; }

/// RFC 9382, appendix B, the first vector: A='server', B='client'.
struct Vector {
    Spake2Context context{to_bytes(bytes_of("server")), to_bytes(bytes_of("client")), {}};
    Bytes w = widened("2ee57912099d31560b3a44b1184b9b4866e904c49d12ac5042c97dca461b1a5f");
    Bytes x = widened("43dd0fd7215bdcb482879fca3220c6a968e66d70b1356cac18bb26c84a78d729");
    Bytes y = widened("dcb60106f276b02606d8ef0a328c02e4b629f84f89786af5befb0bc75b6e66be");
    Bytes share_a = from_hex(
        "04a56fa807caaa53a4d28dbb9853b9815c61a411118a6fe516a8798434751470f9"
        "010153ac33d0d5f2047ffdb1a3e42c9b4e6be662766e1eeb4116988ede5f912c");
    Bytes share_b = from_hex(
        "0406557e482bd03097ad0cbaa5df82115460d951e3451962f1eaf4367a420676d0"
        "9857ccbc522686c83d1852abfa8ed6e4a1155cf8f1543ceca528afb591a1e0b7");
    Bytes confirmation_a = from_hex("58ad4aa88e0b60d5061eb6b5dd93e80d9c4f00d127c65b3b35b1b5281fee38f0");
    Bytes confirmation_b = from_hex("d3e2e547f1ae04f2dbdbf0fc4b79f8ecff2dff314b5d32fe9fcef2fb26dc459b");
    Bytes key = from_hex("0e0672dc86f8e45565d338b0540abe69");
};

// ATTACKS 14
TEST(Spake2, gives_the_values_of_the_rfc) {
    const Vector vector;
    ScriptedRandom x(vector.x), y(vector.y);
    Spake2PartyA a(password_of(vector.w), vector.context, x);
    Spake2PartyB b(password_of(vector.w), vector.context, y);
    EXPECT_TRUE(equal(a.share(), vector.share_a));
    auto answer = std::move(b).answer(a.share()).value();
    EXPECT_TRUE(equal(answer.share, vector.share_b));
    EXPECT_TRUE(equal(answer.confirmation, vector.confirmation_b));
    auto finished = std::move(a).finish(answer.share, answer.confirmation).value();
    EXPECT_TRUE(equal(finished.confirmation, vector.confirmation_a));
    EXPECT_TRUE(equal(finished.key.reveal(), vector.key));
    EXPECT_TRUE(equal(std::move(answer.unconfirmed).confirm(finished.confirmation).value().reveal(), vector.key));
}

/// One whole exchange: the keys of both, or the first error.
struct Exchange {
    SystemRandom random{};
    Spake2PartyA a;
    Spake2PartyB b;

    Exchange(std::uint8_t of_a, std::uint8_t of_b, Spake2Context at_a = context(), Spake2Context at_b = context())
        : a(password(of_a), std::move(at_a), random), b(password(of_b), std::move(at_b), random) {}

    Result<bool> agrees() {
        auto answer = std::move(b).answer(a.share());
        if (!answer) return std::unexpected(answer.error());
        auto finished = std::move(a).finish(answer->share, answer->confirmation);
        if (!finished) return std::unexpected(finished.error());
        const auto key = std::move(answer->unconfirmed).confirm(finished->confirmation);
        if (!key) return std::unexpected(key.error());
        return equal(key->reveal(), finished->key.reveal());
    }
};

TEST(Spake2, agrees_where_password_and_context_are_the_same) { EXPECT_TRUE(Exchange(1, 1).agrees().value()); }

TEST(Spake2, refuses_another_password) { EXPECT_EQ(Exchange(1, 2).agrees().error(), Errc::bad_tag); }

TEST(Spake2, refuses_another_context) {
    auto other_a = context();
    other_a.party_a = to_bytes(bytes_of("somebody"));
    auto other_b = context();
    other_b.party_b = to_bytes(bytes_of("somebody"));
    auto other_data = context();
    other_data.associated_data = to_bytes(bytes_of("0815"));
    EXPECT_EQ(Exchange(1, 1, other_a).agrees().error(), Errc::bad_tag);
    EXPECT_EQ(Exchange(1, 1, other_b).agrees().error(), Errc::bad_tag);
    EXPECT_EQ(Exchange(1, 1, other_data).agrees().error(), Errc::bad_tag);
    EXPECT_TRUE(Exchange(1, 1, other_data, other_data).agrees().value()) << "twin: the same on both sides";
}

// Without lengths in front, "ab" and "c" would be "a" and "bc".
TEST(Spake2, tells_apart_where_one_name_ends) {
    const Spake2Context one{{'a', 'b'}, {'c'}, {}};
    const Spake2Context other{{'a'}, {'b', 'c'}, {}};
    EXPECT_EQ(Exchange(1, 1, one, other).agrees().error(), Errc::bad_tag);
}

// FAULTS C01, C03.
TEST(Spake2, refuses_a_share_that_is_no_point_or_is_its_own) {
    const auto answers = [](ByteView share) { return std::move(Exchange(1, 1).b).answer(share); };
    const auto honest = to_bytes(Exchange(1, 1).a.share());
    auto zeros = Bytes(65);
    zeros[0] = 4;
    auto compressed = Bytes(honest.begin(), honest.begin() + 33);
    compressed[0] = 2;
    EXPECT_TRUE(answers(honest));
    for (const auto& bad : {Bytes{}, Bytes{0}, Bytes(65), Bytes(65, 0xff), zeros, compressed}) {
        EXPECT_EQ(answers(bad).error(), Errc::bad_key) << to_hex(bad);
    }

    Exchange exchange(1, 1);
    const auto own = exchange.a.share();
    EXPECT_EQ(std::move(exchange.a).finish(own, FixedBytes<32>{}).error(), Errc::bad_key);
}

// The share that takes all of A's masking away: K would be the point at infinity whatever y is.
TEST(Spake2, refuses_a_share_that_leads_to_no_key) {
    const Vector vector;
    SystemRandom random;
    const Bytes one = widened("0000000000000000000000000000000000000000000000000000000000000001");
    const auto masked_nothing = from_hex(
        "04886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f"
        "5ff355163e43ce224e0b0e65ff02ac8e5c7be09419c785e0ca547d55a12e2d20");  // M itself: w = 1
    Spake2PartyB b(password_of(one), vector.context, random);
    EXPECT_EQ(std::move(b).answer(masked_nothing).error(), Errc::bad_key);
    Spake2PartyB other(password_of(vector.w), vector.context, random);
    EXPECT_TRUE(std::move(other).answer(masked_nothing)) << "twin: a point as good as any for another password";
}

TEST(Spake2, takes_no_damaged_share_or_confirmation) {
    SystemRandom random;
    const Vector vector;
    const auto party_a = [&] {
        ScriptedRandom x(vector.x);
        return Spake2PartyA(password_of(vector.w), vector.context, x);
    };
    const auto takes = [&](ByteView share, ByteView confirmation) {
        return party_a().finish(share, confirmation).has_value();
    };
    EXPECT_TRUE(takes(vector.share_b, vector.confirmation_b));
    EXPECT_EQ(
        test::accepted_damage(vector.share_b, [&](ByteView share) { return takes(share, vector.confirmation_b); }), 0U);
    EXPECT_EQ(test::accepted_damage(vector.confirmation_b, [&](ByteView code) { return takes(vector.share_b, code); }),
              0U);

    const auto confirms = [&](ByteView code) {
        ScriptedRandom y(vector.y);
        Spake2PartyB b(password_of(vector.w), vector.context, y);
        return std::move(std::move(b).answer(vector.share_a)->unconfirmed).confirm(code).has_value();
    };
    EXPECT_TRUE(confirms(vector.confirmation_a));
    EXPECT_EQ(test::accepted_damage(vector.confirmation_a, confirms), 0U);
}

// Each side's confirmation is its own: one sent back proves nothing.
TEST(Spake2, takes_no_confirmation_of_the_other_role) {
    const Vector vector;
    ScriptedRandom y(vector.y);
    Spake2PartyB b(password_of(vector.w), vector.context, y);
    auto answer = std::move(b).answer(vector.share_a).value();
    EXPECT_EQ(std::move(answer.unconfirmed).confirm(answer.confirmation).error(), Errc::bad_tag);
}

TEST(Spake2, makes_another_share_each_time) {
    EXPECT_NE(Exchange(1, 1).a.share(), Exchange(1, 1).a.share());
    EXPECT_NE(std::move(Exchange(1, 1).b).answer(Vector{}.share_a)->share,
              std::move(Exchange(1, 1).b).answer(Vector{}.share_a)->share);
}

// RFC 9382 section 3.2: more bits than the order has, so that no w is likelier than another.
TEST(Spake2, reduces_all_48_bytes_of_the_password) {
    const Vector vector;
    ScriptedRandom first(vector.x), second(vector.x);
    auto wide = vector.w;
    const Spake2PartyA narrow(password_of(wide), vector.context, first);
    wide[0] = 1;
    const Spake2PartyA changed(password_of(wide), vector.context, second);
    EXPECT_NE(narrow.share(), changed.share());
}

TEST(Spake2, leaves_no_residue_of_the_password) {
    const test::Marker marker(11);
    SystemRandom random;
    {
        const auto secret = Spake2Password::filled([&](auto out) {
            std::ranges::fill(out, std::uint8_t{0});
            marker.write(MutableBytes(out).last(32));
        });
        Spake2PartyA a(secret, context(), random);
        Spake2PartyB b(secret, context(), random);
        auto answer = std::move(b).answer(a.share()).value();
        auto finished = std::move(a).finish(answer.share, answer.confirmation).value();
        EXPECT_TRUE(std::move(answer.unconfirmed).confirm(finished.confirmation));
    }
    EXPECT_FALSE(test::remains_in_memory(marker));
    EXPECT_FALSE(test::remains_in_memory(marker.reversed()));
}

}  // namespace
}  // namespace parley::crypto
