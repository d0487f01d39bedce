#include "crypto/p256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509.h>

#include "crypto/p256_keys.h"

namespace parley::crypto {

PkeyPtr import_public(ByteView point) {
    if (point.size() != P256PublicKey::size || point[0] != 0x04) return nullptr;
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    char group[] = "P-256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                               OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                                                 const_cast<std::uint8_t*>(point.data()), point.size()),
                               OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    require(context && EVP_PKEY_fromdata_init(context.get()) == 1, "import of a point");
    // The import refuses what is not on the curve; the curve has cofactor 1, so nothing is left to check.
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) return nullptr;
    return PkeyPtr(key, EVP_PKEY_free);
}

PkeyPtr key_or_import(const PkeyPtr& key, ByteView point) {
    if (key) return key;
    auto imported = import_public(point);
    require(imported != nullptr, "import of our own point");
    return imported;
}

PkeyPtr generate_key(Random& random) {
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    auto seed = random.secret<Secret<struct P256SeedTag, 32>>();
    char group[] = "P-256";
    // RFC 9180 section 7.1.3, DeriveKeyPair: the key is a function of the seed, so that runs can be
    // repeated in tests, and OpenSSL does the rejection sampling.
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_DHKEM_IKM, const_cast<std::uint8_t*>(seed.reveal().data()),
                                          seed.size),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    const bool made = context && EVP_PKEY_keygen_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_params(context.get(), parameters) == 1 &&
                      EVP_PKEY_generate(context.get(), &key) == 1;
    require(made, "P-256 key");
    return PkeyPtr(key, EVP_PKEY_free);
}

PkeyPtr import_scalar(FixedView<32> scalar) {
    // SEC 1 appendix C.4, ECPrivateKey without the public key, which OpenSSL then works out.
    static constexpr std::uint8_t head[] = {0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20};
    static constexpr std::uint8_t curve[] = {0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    const SecretBytes der({head, scalar, curve});
    const auto* at = der.reveal().data();
    PkeyPtr key(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, static_cast<long>(der.size())), EVP_PKEY_free);
    if (!key) return nullptr;
    const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    require(context != nullptr, "check of a scalar");
    return EVP_PKEY_private_check(context.get()) == 1 ? key : nullptr;
}

FixedBytes<65> export_public(const PkeyPtr& key) {
    FixedBytes<65> bytes;
    std::size_t written = 0;
    const bool done =
        EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(), &written) == 1;
    require(done && written == bytes.size(), "P-256 point");
    return bytes;
}

SharedScalar export_scalar(const PkeyPtr& key) {
    BIGNUM* raw = nullptr;
    require(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &raw) == 1, "P-256 scalar");
    const Owned<BIGNUM, BN_clear_free> number(raw);
    return SharedScalar::filled([&](std::span<std::uint8_t, 32> out) {
        require(BN_bn2binpad(number.get(), out.data(), 32) == 32, "P-256 scalar");
    });
}

P256PublicKey::P256PublicKey(FixedView<size> bytes, PkeyPtr key) : key_(std::move(key)) {
    std::ranges::copy(bytes, bytes_.begin());
}

Result<P256PublicKey> P256PublicKey::parse(ByteView bytes) {
    auto key = import_public(bytes);
    if (!key) return fail(Errc::bad_key, "not an uncompressed point on P-256");
    return P256PublicKey(bytes.first<size>(), std::move(key));
}

P256PrivateKey::P256PrivateKey(PkeyPtr key) : key_(std::move(key)), public_key_(export_public(key_), nullptr) {}

P256PrivateKey P256PrivateKey::generate(Random& random) { return P256PrivateKey(generate_key(random)); }

Result<P256PrivateKey> P256PrivateKey::restore(FixedView<32> scalar) {
    auto key = import_scalar(scalar);
    if (!key) return fail(Errc::bad_key, "not a private key of P-256");
    return P256PrivateKey(std::move(key));
}

P256PrivateKey::Scalar P256PrivateKey::save() const { return Scalar(export_scalar(key_).reveal()); }

Result<SharedSecret> agree(const P256PrivateKey& ours, const P256PublicKey& theirs) {
    if (theirs == ours.public_key()) return fail(Errc::bad_key, "our own key came back");
    const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, ours.key_.get(), nullptr));
    require(context && EVP_PKEY_derive_init(context.get()) == 1, "ECDH");
    const auto their_key = key_or_import(theirs.key_, theirs.view());
    if (EVP_PKEY_derive_set_peer_ex(context.get(), their_key.get(), 0) != 1) {
        return fail(Errc::bad_key, "not a key to agree with");
    }
    return SharedSecret::filled([&](std::span<std::uint8_t, 32> out) {
        std::size_t written = out.size();
        require(EVP_PKEY_derive(context.get(), out.data(), &written) == 1 && written == out.size(), "ECDH");
    });
}

}  // namespace parley::crypto
