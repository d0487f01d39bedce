// FAULTS C01, C04, C19, ATTACKS 4: curves, by vectors that others wrote.
#include "crypto/ecdsa.h"
#include "crypto/p256.h"
#include "vectors_runner/encoding.h"

namespace parley::vectors {
namespace {

using Scalar = std::optional<FixedBytes<32>>;
using Point = std::optional<Bytes>;

bool is_p256(const Json& key_or_group) { return key_or_group.value("curve", "") == "secp256r1"; }

Answer judge_agreement(const Scalar& scalar, const Point& point, const Json& test) {
    if (!scalar || !point) return Answer::refused;
    const auto ours = crypto::P256PrivateKey::restore(*scalar);
    const auto theirs = crypto::P256PublicKey::parse(*point);
    if (!ours || !theirs) return Answer::refused;
    const auto shared = crypto::agree(*ours, *theirs);
    if (!shared) return Answer::refused;
    return compare(equal(shared->reveal(), hex_field(test, "shared")));
}

Answer judge_signature(const Json& group, const Json& test, const std::optional<Bytes>& raw) {
    const auto& key = group.at("publicKey");
    if (!is_p256(key) || group.at("sha") != "SHA-256") return Answer::not_applicable;
    const auto verifying_key = crypto::VerifyingKey::parse(hex_field(key, "uncompressed"));
    if (!verifying_key || !raw) return Answer::refused;
    const auto message = hex_field(test, "msg");
    return verifying_key->verify({message}, *raw) ? Answer::matched : Answer::refused;
}

}  // namespace

Answer judge_ecdh_jwk(const Json& group, const Json& test) {
    if (group.at("curve") != "P-256") return Answer::not_applicable;
    const auto& secret = test.at("private");
    const auto scalar = scalar_of_jwk(secret);
    const auto ours = scalar ? crypto::P256PrivateKey::restore(*scalar) : fail(Errc::bad_key, "no scalar");
    if (ours && !equal(ours->public_key().view(), point_of_jwk(secret).value())) return Answer::differed;
    return judge_agreement(scalar, point_of_jwk(test.at("public")), test);
}

Answer judge_ecdh_point(const Json& group, const Json& test) {
    if (!is_p256(group)) return Answer::not_applicable;
    return judge_agreement(number32(hex_field(test, "private")), hex_field(test, "public"), test);
}

Answer judge_ecdh_spki(const Json& group, const Json& test) {
    if (!is_p256(group)) return Answer::not_applicable;
    return judge_agreement(number32(hex_field(test, "private")), point_of_spki(hex_field(test, "public")), test);
}

Answer judge_ecdsa_der(const Json& group, const Json& test) {
    const auto raw = signature_of_der(hex_field(test, "sig"));
    return judge_signature(group, test, raw ? std::optional(to_bytes(*raw)) : std::nullopt);
}

Answer judge_ecdsa_raw(const Json& group, const Json& test) {
    return judge_signature(group, test, hex_field(test, "sig"));
}

}  // namespace parley::vectors
