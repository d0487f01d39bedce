#include "crypto/hmac.h"

#include <openssl/core_names.h>

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

constexpr std::uint8_t zeros[32]{};

/// Fetched and told its digest once per thread; each use only sets a key.
MacContext make_context() {
    const Owned<EVP_MAC, EVP_MAC_free> algorithm(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    require(algorithm != nullptr, "HMAC");
    MacContext context(EVP_MAC_CTX_new(algorithm.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    require(context && EVP_MAC_CTX_set_params(context.get(), parameters) == 1, "HMAC-SHA-256");
    return context;
}

}  // namespace

void hmac_sha256(ByteView key, Parts parts, std::span<std::uint8_t, 32> out) {
    thread_local const MacContext context = make_context();
    // An empty key is a key of zeros (RFC 2104); a null pointer would mean "the key of last time".
    require(EVP_MAC_init(context.get(), key.empty() ? zeros : key.data(), key.size(), nullptr) == 1, "HMAC");
    for (const auto part : parts) {
        require(EVP_MAC_update(context.get(), part.data(), part.size()) == 1, "HMAC");
    }
    std::size_t written = 0;
    require(EVP_MAC_final(context.get(), out.data(), &written, out.size()) == 1, "HMAC");
    // A chain key must not stay here until the next use: that may never come.
    require(EVP_MAC_init(context.get(), zeros, sizeof zeros, nullptr) == 1, "HMAC");
}

}  // namespace parley::crypto
