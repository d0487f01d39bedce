#include "crypto/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "crypto/hash.h"
#include "crypto/p256_keys.h"

namespace parley::crypto {
namespace {

using EcdsaSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

// EVP speaks DER; the wire speaks r || s, which has one encoding.
Bytes to_der(ByteView raw) {
    const EcdsaSignature signature(ECDSA_SIG_new());
    auto* r = BN_bin2bn(raw.data(), 32, nullptr);
    auto* s = BN_bin2bn(raw.data() + 32, 32, nullptr);
    require(signature && r && s && ECDSA_SIG_set0(signature.get(), r, s) == 1, "signature");
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    require(size > 0, "signature");
    const Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

Signature to_raw(ByteView der) {
    const auto* at = der.data();
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    require(signature != nullptr, "signature");
    Signature raw;
    const bool done = BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), 32) == 32 &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + 32, 32) == 32;
    require(done, "signature");
    return raw;
}

PkeyContext context_of(const PkeyPtr& key) {
    PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    require(context != nullptr, "ECDSA");
    return context;
}

}  // namespace

VerifyingKey::VerifyingKey(FixedView<size> bytes, PkeyPtr key) : key_(std::move(key)) {
    std::ranges::copy(bytes, bytes_.begin());
}

Result<VerifyingKey> VerifyingKey::parse(ByteView bytes) {
    auto key = import_public(bytes);
    if (!key) return fail(Errc::bad_key, "not an uncompressed point on P-256");
    return VerifyingKey(bytes.first<size>(), std::move(key));
}

Status VerifyingKey::verify(Parts message, ByteView signature) const {
    if (signature.size() != Signature{}.size()) return fail(Errc::bad_tag, "a signature has 64 bytes");
    const auto der = to_der(signature);
    const auto digest = sha256(message);
    const auto context = context_of(key_or_import(key_, bytes_));
    require(EVP_PKEY_verify_init(context.get()) == 1, "ECDSA");
    const bool valid =
        EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.view().data(), digest.view().size()) == 1;
    if (!valid) return fail(Errc::bad_tag, "the signature does not verify");
    return {};
}

SigningKey::SigningKey(PkeyPtr key) : key_(std::move(key)), verifying_key_(export_public(key_), nullptr) {}

SigningKey SigningKey::generate(Random& random) { return SigningKey(generate_key(random)); }

Result<SigningKey> SigningKey::restore(FixedView<32> scalar) {
    auto key = import_scalar(scalar);
    if (!key) return fail(Errc::bad_key, "not a private key of P-256");
    return SigningKey(std::move(key));
}

SigningKey::Scalar SigningKey::save() const { return Scalar(export_scalar(key_).reveal()); }

Signature SigningKey::sign(Parts message) const {
    const auto digest = sha256(message);
    const auto context = context_of(key_);
    unsigned int deterministic = 1;
    char hash[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_uint(OSSL_SIGNATURE_PARAM_NONCE_TYPE, &deterministic),
                                     OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, hash, 0),
                                     OSSL_PARAM_construct_end()};
    FixedBytes<80> der;
    std::size_t size = der.size();
    const bool done = EVP_PKEY_sign_init_ex(context.get(), parameters) == 1 &&
                      EVP_PKEY_sign(context.get(), der.data(), &size, digest.view().data(), digest.view().size()) == 1;
    require(done, "ECDSA");
    return to_raw(ByteView(der).first(size));
}

}  // namespace parley::crypto
