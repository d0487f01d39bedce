#include "crypto/password.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

KdfContext make_context() {
    const Owned<EVP_KDF, EVP_KDF_free> algorithm(EVP_KDF_fetch(nullptr, "ARGON2ID", nullptr));
    require(algorithm != nullptr, "Argon2id");
    KdfContext context(EVP_KDF_CTX_new(algorithm.get()));
    require(context != nullptr, "Argon2id");
    return context;
}

OSSL_PARAM octets(const char* name, ByteView bytes) {
    static constexpr std::uint8_t nothing = 0;
    const auto* data = bytes.empty() ? &nothing : bytes.data();
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(data), bytes.size());
}

}  // namespace

void argon2id(const PasswordInputs& inputs, const PasswordCost& cost, MutableBytes out) {
    // A context of its own for each use: it is rare and slow, and what it held goes with it.
    const Unfailing unfailing;
    const auto context = make_context();
    auto [memory, passes, lanes] = cost;
    std::uint32_t wipe_password_early = 1;
    const OSSL_PARAM parameters[] = {octets(OSSL_KDF_PARAM_PASSWORD, inputs.password),
                                     octets(OSSL_KDF_PARAM_SALT, inputs.salt),
                                     octets(OSSL_KDF_PARAM_SECRET, inputs.secret),
                                     octets(OSSL_KDF_PARAM_ARGON2_AD, inputs.associated_data),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &memory),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &passes),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &lanes),
                                     OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_EARLY_CLEAN, &wipe_password_early),
                                     OSSL_PARAM_construct_end()};
    require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1, "Argon2id");
    unfailing.require("Argon2id");
}

}  // namespace parley::crypto
