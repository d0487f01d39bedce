#include "crypto/hash.h"

#include "crypto/evp.h"

namespace parley::crypto {
namespace {

struct Hasher {
    explicit Hasher(const char* name) : algorithm(EVP_MD_fetch(nullptr, name, nullptr)), context(EVP_MD_CTX_new()) {
        require(algorithm && context, name);
    }
    void begin() { require(EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1, "digest"); }
    void add(ByteView part) { require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1, "digest"); }
    void finish(MutableBytes out) { require(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1, "digest"); }
    void digest(Parts parts, MutableBytes out) {
        begin();
        for (const auto part : parts) add(part);
        finish(out);
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

struct Sha256::State {
    Hasher hasher{"SHA256"};
};

Sha256::Sha256() : state_(std::make_unique<State>()) { state_->hasher.begin(); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(ByteView piece) { state_->hasher.add(piece); }

Digest256 Sha256::finish() {
    FixedBytes<32> out;
    state_->hasher.finish(out);
    state_->hasher.begin();
    return Digest256(out);
}

}  // namespace parley::crypto
