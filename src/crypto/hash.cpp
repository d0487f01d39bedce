#include "crypto/hash.h"

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

struct Hasher {
    explicit Hasher(const char* name) : algorithm(EVP_MD_fetch(nullptr, name, nullptr)), context(EVP_MD_CTX_new()) {
        require(algorithm && context, name);
    }
    void digest(Parts parts, MutableBytes out) {
        require(EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1, "digest");
        for (const auto part : parts) {
            require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1, "digest");
        }
        require(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1, "digest");
    }

    Owned<EVP_MD, EVP_MD_free> algorithm;
    DigestContext context;
};

}  // namespace

Digest256 sha256(Parts parts) {
    thread_local Hasher hasher("SHA256");
    FixedBytes<32> out;
    hasher.digest(parts, out);
    return Digest256(out);
}

FixedBytes<64> sha512(Parts parts) {
    thread_local Hasher hasher("SHA512");
    FixedBytes<64> out;
    hasher.digest(parts, out);
    return out;
}

}  // namespace parley::crypto
