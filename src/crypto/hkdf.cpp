#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

KdfContext make_context() {
    const Owned<EVP_KDF, EVP_KDF_free> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    require(algorithm != nullptr, "HKDF");
    KdfContext context(EVP_KDF_CTX_new(algorithm.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    require(context && EVP_KDF_CTX_set_params(context.get(), parameters) == 1, "HKDF-SHA-256");
    return context;
}

constexpr std::uint8_t zeros[32]{};

OSSL_PARAM parameter(const char* name, ByteView bytes) {
    const auto* data = bytes.empty() ? zeros : bytes.data();
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(data), bytes.size());
}

/// A root key and a shared secret must not stay in the context until its next use.
void forget_inputs(const KdfContext& context) {
    const OSSL_PARAM parameters[] = {parameter(OSSL_KDF_PARAM_SALT, zeros), parameter(OSSL_KDF_PARAM_KEY, zeros),
                                     OSSL_PARAM_construct_end()};
    require(EVP_KDF_CTX_set_params(context.get(), parameters) == 1, "HKDF");
}

}  // namespace

Status hkdf_sha256(ByteView salt, ByteView ikm, Parts info, MutableBytes out) {
    if (out.size() > max_hkdf_output) return fail(Errc::too_large, "HKDF gives 8,160 bytes at most");
    thread_local const KdfContext context = make_context();
    // All three are always given, so nothing of an earlier use is left in the context.
    Bytes joined;
    for (const auto part : info) append(joined, part);
    const OSSL_PARAM parameters[] = {parameter(OSSL_KDF_PARAM_SALT, salt), parameter(OSSL_KDF_PARAM_KEY, ikm),
                                     parameter(OSSL_KDF_PARAM_INFO, joined), OSSL_PARAM_construct_end()};
    require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1, "HKDF");
    forget_inputs(context);
    return {};
}

}  // namespace parley::crypto
