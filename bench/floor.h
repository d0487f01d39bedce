// The same work written straight on EVP: what no code above it can beat.
#pragma once

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <cstdint>
#include <span>
#include <vector>

namespace parley::bench {

using View = std::span<const std::uint8_t>;

/// Contexts made once, keys set per use: the way EVP is fastest.
class Floor {
public:
    Floor();
    ~Floor();
    Floor(const Floor&) = delete;
    Floor& operator=(const Floor&) = delete;

    void hmac(View key, View data, std::uint8_t* out);
    void hkdf(View salt, View ikm, View info, std::span<std::uint8_t> out);
    void seal(View key, View nonce, View aad, View plaintext, std::uint8_t* out);
    bool open(View key, View nonce, View aad, View sealed, std::uint8_t* out);

private:
    EVP_MAC* mac_;
    EVP_MAC_CTX* mac_context_;
    EVP_KDF* kdf_;
    EVP_KDF_CTX* kdf_context_;
    EVP_CIPHER* gcm_;
    EVP_CIPHER_CTX* gcm_context_;
};

/// Of one message: two chain HMACs, the header (nonce, GCM), the box (salt, HKDF, GCM).
void seal_message(Floor& floor, std::vector<std::uint8_t>& body);
/// The same without the two MACs that only a sender makes: header GCM, chain HMACs, HKDF, box GCM.
bool open_message(Floor& floor, const std::vector<std::uint8_t>& body);

}  // namespace parley::bench
