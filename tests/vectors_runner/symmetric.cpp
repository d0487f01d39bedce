// FAULTS C17, C18: ciphers, codes and derivations, by vectors that others wrote.
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "vectors_runner/encoding.h"

namespace parley::vectors {
namespace {

/// Sealing is deterministic: what opens must also be what we would have sealed.
Bytes sealed_again(FixedView<32> key, const crypto::Nonce& nonce, ByteView aad, ByteView plaintext) {
    Bytes sealed(plaintext.size() + crypto::tag_size);
    crypto::seal(key, nonce, aad, plaintext, sealed);
    return sealed;
}

}  // namespace

Answer judge_aes_gcm(const Json& group, const Json& test) {
    if (group.at("keySize") != 256 || group.at("tagSize") != 128) return Answer::not_applicable;
    // A Nonce has 12 bytes: another cannot be held, which is right where it must be refused.
    const auto no_nonce = test.at("result") == "invalid" ? Answer::refused : Answer::not_applicable;
    if (group.at("ivSize") != 96) return no_nonce;
    const auto key = hex_field(test, "key");
    const auto iv = hex_field(test, "iv");
    const auto aad = hex_field(test, "aad");
    const auto expected = hex_field(test, "msg");
    auto sealed = hex_field(test, "ct");
    append(sealed, hex_field(test, "tag"));

    crypto::Nonce nonce;
    std::ranges::copy(iv, nonce.begin());
    const auto fixed_key = ByteView(key).first<32>();
    if (sealed.size() < crypto::tag_size) return Answer::refused;
    Bytes plaintext(sealed.size() - crypto::tag_size);
    if (!crypto::open(fixed_key, nonce, aad, sealed, plaintext)) return Answer::refused;
    return compare(plaintext == expected && sealed_again(fixed_key, nonce, aad, expected) == sealed);
}

Answer judge_hkdf(const Json&, const Json& test) {
    Bytes out(test.at("size").get<std::size_t>());
    const auto info = hex_field(test, "info");
    const auto derived = crypto::hkdf_sha256(hex_field(test, "salt"), hex_field(test, "ikm"), {info}, out);
    if (!derived) return Answer::refused;
    return compare(out == hex_field(test, "okm"));
}

Answer judge_hmac(const Json& group, const Json& test) {
    FixedBytes<32> mac;
    const auto message = hex_field(test, "msg");
    crypto::hmac_sha256(hex_field(test, "key"), {message}, mac);
    // A truncated MAC is the front of the whole one (RFC 2104 section 5).
    const auto size = group.at("tagSize").get<std::size_t>() / 8;
    const bool verifies = equal_constant_time(ByteView(mac).first(size), hex_field(test, "tag"));
    return verifies ? Answer::matched : Answer::refused;
}

}  // namespace parley::vectors
