#include "crypto/aead.h"

#include "base/ensure.h"
#include "crypto/evp.h"

namespace parley::crypto {
namespace {

const EVP_CIPHER* aes_256_gcm() {
    static const Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    require(cipher != nullptr, "AES-256-GCM");
    return cipher.get();
}

EVP_CIPHER_CTX* context() {
    thread_local const CipherContext reused(EVP_CIPHER_CTX_new());
    require(reused != nullptr, "cipher context");
    return reused.get();
}

/// The thread's one context for one use. A key does not stay in it until the next use: that may never
/// come. This costs nothing, because setting the next key would do the same first.
class OneUse {
public:
    OneUse() = default;
    OneUse(const OneUse&) = delete;
    OneUse& operator=(const OneUse&) = delete;
    ~OneUse() { EVP_CIPHER_CTX_reset(context_); }

    operator EVP_CIPHER_CTX*() const { return context_; }

private:
    EVP_CIPHER_CTX* context_ = context();
};

int length(ByteView bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

void seal(FixedView<32> key, const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) {
    ensure(out.size() == plaintext.size() + tag_size, "room for the ciphertext and its tag");
    const OneUse c;
    int written = 0;
    const bool done = EVP_EncryptInit_ex2(c, aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1 &&
                      EVP_EncryptUpdate(c, nullptr, &written, aad.data(), length(aad)) == 1 &&
                      EVP_EncryptUpdate(c, out.data(), &written, plaintext.data(), length(plaintext)) == 1 &&
                      EVP_EncryptFinal_ex(c, out.data() + plaintext.size(), &written) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + plaintext.size()) == 1;
    require(done, "AES-256-GCM");
}

Status open(FixedView<32> key, const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) {
    if (sealed.size() < tag_size) return fail(Errc::truncated, "shorter than a tag");
    const auto ciphertext = sealed.first(sealed.size() - tag_size);
    auto tag = FixedBytes<tag_size>{};
    std::ranges::copy(sealed.last(tag_size), tag.begin());
    ensure(out.size() == ciphertext.size(), "room for the plaintext");
    const OneUse c;
    int written = 0;
    const bool ready = EVP_DecryptInit_ex2(c, aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1 &&
                       EVP_DecryptUpdate(c, nullptr, &written, aad.data(), length(aad)) == 1 &&
                       EVP_DecryptUpdate(c, out.data(), &written, ciphertext.data(), length(ciphertext)) == 1 &&
                       EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1;
    require(ready, "AES-256-GCM");
    if (EVP_DecryptFinal_ex(c, nullptr, &written) == 1) return {};
    wipe(out);
    return fail(Errc::bad_tag, "the tag does not verify");
}

}  // namespace parley::crypto
