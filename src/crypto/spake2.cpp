#include "crypto/spake2.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "crypto/evp.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"

namespace parley::crypto {
namespace {

using Group = Owned<EC_GROUP, EC_GROUP_free>;
using Point = Owned<EC_POINT, EC_POINT_clear_free>;
using Number = Owned<BIGNUM, BN_clear_free>;
using Scratch = Owned<BN_CTX, BN_CTX_free>;

// RFC 9382 section 4, table 1: points whose logarithms nobody knows, made from a seed by hashing.
constexpr std::uint8_t m_bytes[] = {0x02, 0x88, 0x6e, 0x2f, 0x97, 0xac, 0xe4, 0x6e, 0x55, 0xba, 0x9d,
                                    0xd7, 0x24, 0x25, 0x79, 0xf2, 0x99, 0x3b, 0x64, 0xe1, 0x6e, 0xf3,
                                    0xdc, 0xab, 0x95, 0xaf, 0xd4, 0x97, 0x33, 0x3d, 0x8f, 0xa1, 0x2f};
constexpr std::uint8_t n_bytes[] = {0x03, 0xd8, 0xbb, 0xd6, 0xc6, 0x39, 0xc6, 0x29, 0x37, 0xb0, 0x4d,
                                    0x99, 0x7f, 0x38, 0xc3, 0x77, 0x07, 0x19, 0xc6, 0x29, 0xd7, 0x01,
                                    0x4d, 0x49, 0xa2, 0x4b, 0x4f, 0x98, 0xba, 0xa1, 0x29, 0x2b, 0x49};

/// P-256 and its scratch memory, made for one operation: what the scratch held is wiped with it.
class Curve {
public:
    Curve() : group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)), scratch_(BN_CTX_new()) {
        require(group_ && scratch_, "P-256");
    }

    /// nullptr where the bytes are not a point of the curve.
    Point parse(ByteView bytes) const {
        auto point = make();
        const bool on_curve =
            EC_POINT_oct2point(group_.get(), point.get(), bytes.data(), bytes.size(), scratch_.get()) == 1;
        return on_curve && !is_infinity(point) ? std::move(point) : nullptr;
    }
    Spake2Share encode(const Point& point) const {
        Spake2Share bytes;
        const auto written = EC_POINT_point2oct(group_.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                                                bytes.size(), scratch_.get());
        require(written == bytes.size(), "a point's bytes");
        unfailing_.require("a point");
        return bytes;
    }
    bool is_infinity(const Point& point) const { return EC_POINT_is_at_infinity(group_.get(), point.get()) == 1; }

    // One product at a time: only those have a constant time in OpenSSL, a sum of two has not.
    Point times_base(const Spake2Scalar& scalar) const {
        auto product = make();
        require(EC_POINT_mul(group_.get(), product.get(), number(scalar.reveal()).get(), nullptr, nullptr,
                             scratch_.get()) == 1,
                "a product");
        return product;
    }
    Point times(const Point& point, const Spake2Scalar& scalar) const {
        auto product = make();
        require(EC_POINT_mul(group_.get(), product.get(), nullptr, point.get(), number(scalar.reveal()).get(),
                             scratch_.get()) == 1,
                "a product");
        return product;
    }
    Point plus(const Point& left, const Point& right) const {
        auto sum = make();
        require(EC_POINT_add(group_.get(), sum.get(), left.get(), right.get(), scratch_.get()) == 1, "a sum");
        return sum;
    }
    Point minus(const Point& left, Point right) const {
        require(EC_POINT_invert(group_.get(), right.get(), scratch_.get()) == 1, "a difference");
        return plus(left, right);
    }

    /// 48 bytes modulo the group's order: off from even by less than one in 2^128.
    Spake2Scalar reduce(FixedView<48> bytes) const {
        const auto whole = number(bytes);
        const auto reduced = number({});
        require(BN_mod(reduced.get(), whole.get(), EC_GROUP_get0_order(group_.get()), scratch_.get()) == 1, "a scalar");
        return Spake2Scalar::filled([&](std::span<std::uint8_t, 32> out) {
            require(BN_bn2binpad(reduced.get(), out.data(), 32) == 32, "a scalar");
        });
    }

private:
    Point make() const {
        Point point(EC_POINT_new(group_.get()));
        require(point != nullptr, "a point");
        return point;
    }
    static Number number(ByteView bytes) {
        Number number(BN_new());
        require(number && BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get()) != nullptr, "a number");
        BN_set_flags(number.get(), BN_FLG_CONSTTIME);
        return number;
    }

    Unfailing unfailing_;
    Group group_;
    Scratch scratch_;
};

Spake2Scalar scalar_of(const Spake2Password& password) { return Curve().reduce(password.reveal()); }

Spake2Scalar draw_scalar(Random& random) {
    const auto drawn = random.secret<Secret<struct Spake2DrawnTag, 48>>();
    return Curve().reduce(drawn.reveal());
}

/// own * P + w * blind, blind being M for A and N for B.
Spake2Share make_share(ByteView blind, const Spake2Scalar& own, const Spake2Scalar& w) {
    const Curve curve;
    return curve.encode(curve.plus(curve.times_base(own), curve.times(curve.parse(blind), w)));
}

/// K = own * (theirs - w * their blind), as bytes. The cofactor of P-256 is 1 (RFC 9382 section 3.3).
Result<SecretBytes> agree(ByteView theirs, const Spake2Share& ours, ByteView their_blind, const Spake2Scalar& own,
                          const Spake2Scalar& w) {
    // The uncompressed form and no other: one share has one encoding.
    if (theirs.size() != ours.size() || theirs[0] != 0x04) return fail(Errc::bad_key, "not a share");
    if (equal(theirs, ours)) return fail(Errc::bad_key, "our own share came back");
    const Curve curve;
    const auto point = curve.parse(theirs);
    if (!point) return fail(Errc::bad_key, "not a point on P-256");
    const auto shared = curve.times(curve.minus(point, curve.times(curve.parse(their_blind), w)), own);
    if (curve.is_infinity(shared)) return fail(Errc::bad_key, "a share that leads to no key");
    auto bytes = curve.encode(shared);
    SecretBytes secret(bytes);
    wipe(bytes);
    return secret;
}

/// RFC 9382 section 3.3: each part with its length in eight bytes, the lowest first.
void add_part(SecretBytes& transcript, ByteView part) {
    FixedBytes<8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::uint8_t>(part.size() >> 8 * i);
    transcript.append(length);
    transcript.append(part);
}

struct Shares {
    ByteView a;
    ByteView b;
};

SecretBytes transcript_of(const Spake2Context& context, const Shares& shares, const SecretBytes& shared,
                          const Spake2Scalar& w) {
    SecretBytes transcript;
    for (const auto part : {ByteView(context.party_a), ByteView(context.party_b), shares.a, shares.b, shared.reveal(),
                            ByteView(w.reveal())}) {
        add_part(transcript, part);
    }
    return transcript;
}

struct Keys {
    Spake2Confirmation of_a;
    Spake2Confirmation of_b;
    Spake2Key key;
};

/// RFC 9382 section 3.4: Ke || Ka = SHA-256(TT), KcA || KcB = HKDF(Ka, "ConfirmationKeys" || AAD).
Keys derive(const Spake2Context& context, const SecretBytes& transcript) {
    using Halves = Secret<struct Spake2HalvesTag, 32>;
    const auto hashed =
        Halves::filled([&](auto out) { std::ranges::copy(sha256({transcript.reveal()}).view(), out.begin()); });
    const auto confirmation_keys =
        hkdf<32>({}, hashed.reveal().last<16>(), {bytes_of("ConfirmationKeys"), context.associated_data});
    Keys keys{{}, {}, Spake2Key(hashed.reveal().first<16>())};
    hmac_sha256(confirmation_keys.reveal().first<16>(), {transcript.reveal()}, keys.of_a);
    hmac_sha256(confirmation_keys.reveal().last<16>(), {transcript.reveal()}, keys.of_b);
    return keys;
}

constexpr auto other_password = "the other side used another password";

}  // namespace

Spake2PartyA::Spake2PartyA(const Spake2Password& password, Spake2Context context, Random& random)
    : context_(std::move(context)),
      w_(scalar_of(password)),
      x_(draw_scalar(random)),
      share_(make_share(m_bytes, x_, w_)) {}

Result<Spake2PartyA::Finished> Spake2PartyA::finish(ByteView their_share, ByteView their_confirmation) && {
    const auto self = std::move(*this);  // used up, whatever comes of it
    const auto shared = agree(their_share, self.share_, n_bytes, self.x_, self.w_);
    if (!shared) return std::unexpected(shared.error());
    const auto transcript = transcript_of(self.context_, {self.share_, their_share}, *shared, self.w_);
    auto keys = derive(self.context_, transcript);
    if (!equal_constant_time(keys.of_b, their_confirmation)) return fail(Errc::bad_tag, other_password);
    return Finished{keys.of_a, std::move(keys.key)};
}

Spake2PartyB::Spake2PartyB(const Spake2Password& password, Spake2Context context, Random& random)
    : context_(std::move(context)),
      w_(scalar_of(password)),
      y_(draw_scalar(random)),
      share_(make_share(n_bytes, y_, w_)) {}

Result<Spake2PartyB::Answer> Spake2PartyB::answer(ByteView their_share) && {
    const auto self = std::move(*this);
    const auto shared = agree(their_share, self.share_, m_bytes, self.y_, self.w_);
    if (!shared) return std::unexpected(shared.error());
    const auto transcript = transcript_of(self.context_, {their_share, self.share_}, *shared, self.w_);
    auto keys = derive(self.context_, transcript);
    return Answer{self.share_, keys.of_b, Spake2Answered(keys.of_a, std::move(keys.key))};
}

Result<Spake2Key> Spake2Answered::confirm(ByteView their_confirmation) && {
    auto key = std::move(key_);
    if (!equal_constant_time(expected_, their_confirmation)) return fail(Errc::bad_tag, other_password);
    return key;
}

}  // namespace parley::crypto
