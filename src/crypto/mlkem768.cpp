#include "crypto/mlkem768.h"

#include <openssl/core_names.h>

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

constexpr char name[] = "ML-KEM-768";

PkeyPtr key_of(FixedView<64> seed) {
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ML_KEM_SEED, const_cast<std::uint8_t*>(seed.data()),
                                          seed.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    const bool made = context && EVP_PKEY_keygen_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_params(context.get(), parameters) == 1 &&
                      EVP_PKEY_generate(context.get(), &key) == 1;
    require(made, name);
    return PkeyPtr(key, EVP_PKEY_free);
}

FixedBytes<kem_key_size> public_bytes(const PkeyPtr& key) {
    FixedBytes<kem_key_size> bytes;
    std::size_t size = bytes.size();
    require(EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) == 1 && size == bytes.size(), name);
    return bytes;
}

/// nullptr when a coefficient is beyond the modulus.
PkeyPtr import_key(ByteView bytes) {
    return PkeyPtr(EVP_PKEY_new_raw_public_key_ex(nullptr, name, nullptr, bytes.data(), bytes.size()), EVP_PKEY_free);
}

PkeyContext context_of(const PkeyPtr& key) {
    PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    require(context != nullptr, name);
    return context;
}

}  // namespace

EncapsulationKey::EncapsulationKey(FixedView<size> bytes, PkeyPtr key) : key_(std::move(key)) {
    auto copy = std::make_shared<FixedBytes<size>>();
    std::ranges::copy(bytes, copy->begin());
    bytes_ = std::move(copy);
}

Result<EncapsulationKey> EncapsulationKey::parse(ByteView bytes) {
    if (bytes.size() != size) return fail(Errc::bad_key, "an encapsulation key has 1,184 bytes");
    auto key = import_key(bytes);
    if (!key) return fail(Errc::bad_key, "not an encapsulation key of ML-KEM-768");
    return EncapsulationKey(bytes.first<size>(), std::move(key));
}

DecapsulationKey::DecapsulationKey(Seed seed, PkeyPtr key, EncapsulationKey public_key)
    : seed_(std::move(seed)), key_(std::move(key)), public_key_(std::move(public_key)) {}

DecapsulationKey DecapsulationKey::generate(Random& random) { return restore(random.secret<Seed>()); }

DecapsulationKey DecapsulationKey::restore(const Seed& seed) {
    auto key = key_of(seed.reveal());
    EncapsulationKey public_key(public_bytes(key), nullptr);
    return {seed.duplicate(), std::move(key), std::move(public_key)};
}

Encapsulated encapsulate(const EncapsulationKey& theirs, Random& random) {
    const auto seed = random.secret<Secret<struct KemEntropyTag, 32>>();
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KEM_PARAM_IKME, const_cast<std::uint8_t*>(seed.reveal().data()),
                                          seed.size),
        OSSL_PARAM_construct_end()};
    const auto context = context_of(theirs.key_ ? theirs.key_ : import_key(theirs.view()));
    require(EVP_PKEY_encapsulate_init(context.get(), parameters) == 1, name);
    KemCiphertext ciphertext;
    auto shared = SharedSecret::filled([&](std::span<std::uint8_t, 32> out) {
        std::size_t ciphertext_size = ciphertext.size();
        std::size_t shared_size = out.size();
        require(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &ciphertext_size, out.data(), &shared_size) == 1,
                name);
    });
    return {ciphertext, std::move(shared)};
}

Result<SharedSecret> decapsulate(const DecapsulationKey& ours, ByteView ciphertext) {
    if (ciphertext.size() != kem_ciphertext_size) return fail(Errc::bad_key, "a ciphertext has 1,088 bytes");
    const auto context = context_of(ours.key_);
    require(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1, name);
    return SharedSecret::filled([&](std::span<std::uint8_t, 32> out) {
        std::size_t size = out.size();
        require(EVP_PKEY_decapsulate(context.get(), out.data(), &size, ciphertext.data(), ciphertext.size()) == 1,
                name);
    });
}

}  // namespace parley::crypto
