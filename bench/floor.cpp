#include "floor.h"

#include <cstring>

namespace parley::bench {
namespace {

constexpr std::size_t header_size = 2361;
constexpr std::size_t sealed_header_size = 12 + header_size + 16;
constexpr std::size_t box_at = 1 + sealed_header_size;
constexpr std::size_t padded_size = 4096 - box_at - 32 - 16;

const std::vector<std::uint8_t> key(32, 1);
const std::vector<std::uint8_t> header(header_size, 2);
const std::vector<std::uint8_t> header_aad(60, 3);
const std::vector<std::uint8_t> box_aad(60 + sealed_header_size, 4);
const std::vector<std::uint8_t> padded(padded_size, 5);
const std::vector<std::uint8_t> salted(16 + 28 + padded_size, 6);
const std::vector<std::uint8_t> label(28, 7);
const std::vector<std::uint8_t> salt(16, 8);
const std::vector<std::uint8_t> nonce(12, 0);
const std::vector<std::uint8_t> one(1, 1);

OSSL_PARAM octets(const char* name, View view) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(view.data()), view.size());
}

}  // namespace

Floor::Floor()
    : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)),
      mac_context_(EVP_MAC_CTX_new(mac_)),
      kdf_(EVP_KDF_fetch(nullptr, "HKDF", nullptr)),
      kdf_context_(EVP_KDF_CTX_new(kdf_)),
      gcm_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)),
      gcm_context_(EVP_CIPHER_CTX_new()) {
    char digest[] = "SHA256";
    const OSSL_PARAM mac[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                              OSSL_PARAM_construct_end()};
    EVP_MAC_CTX_set_params(mac_context_, mac);
    const OSSL_PARAM kdf[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                              OSSL_PARAM_construct_end()};
    EVP_KDF_CTX_set_params(kdf_context_, kdf);
}

Floor::~Floor() {
    EVP_MAC_CTX_free(mac_context_);
    EVP_MAC_free(mac_);
    EVP_KDF_CTX_free(kdf_context_);
    EVP_KDF_free(kdf_);
    EVP_CIPHER_CTX_free(gcm_context_);
    EVP_CIPHER_free(gcm_);
}

void Floor::hmac(View with, View data, std::uint8_t* out) {
    std::size_t written = 0;
    EVP_MAC_init(mac_context_, with.data(), with.size(), nullptr);
    EVP_MAC_update(mac_context_, data.data(), data.size());
    EVP_MAC_final(mac_context_, out, &written, 32);
}

void Floor::hkdf(View with_salt, View ikm, View info, std::span<std::uint8_t> out) {
    const OSSL_PARAM parameters[] = {octets(OSSL_KDF_PARAM_SALT, with_salt), octets(OSSL_KDF_PARAM_KEY, ikm),
                                     octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    EVP_KDF_derive(kdf_context_, out.data(), out.size(), parameters);
}

void Floor::seal(View with, View at, View aad, View plaintext, std::uint8_t* out) {
    int n = 0;
    EVP_EncryptInit_ex2(gcm_context_, gcm_, with.data(), at.data(), nullptr);
    EVP_EncryptUpdate(gcm_context_, nullptr, &n, aad.data(), static_cast<int>(aad.size()));
    EVP_EncryptUpdate(gcm_context_, out, &n, plaintext.data(), static_cast<int>(plaintext.size()));
    EVP_EncryptFinal_ex(gcm_context_, out + plaintext.size(), &n);
    EVP_CIPHER_CTX_ctrl(gcm_context_, EVP_CTRL_AEAD_GET_TAG, 16, out + plaintext.size());
}

bool Floor::open(View with, View at, View aad, View sealed, std::uint8_t* out) {
    int n = 0;
    const auto size = sealed.size() - 16;
    std::uint8_t tag[16];
    std::memcpy(tag, sealed.data() + size, sizeof tag);
    EVP_DecryptInit_ex2(gcm_context_, gcm_, with.data(), at.data(), nullptr);
    EVP_DecryptUpdate(gcm_context_, nullptr, &n, aad.data(), static_cast<int>(aad.size()));
    EVP_DecryptUpdate(gcm_context_, out, &n, sealed.data(), static_cast<int>(size));
    EVP_CIPHER_CTX_ctrl(gcm_context_, EVP_CTRL_AEAD_SET_TAG, 16, tag);
    return EVP_DecryptFinal_ex(gcm_context_, out, &n) == 1;
}

void seal_message(Floor& floor, std::vector<std::uint8_t>& body) {
    std::uint8_t mac[32];
    std::uint8_t derived[64];
    floor.hmac(key, one, mac);
    floor.hmac(key, one, mac);
    floor.hmac(key, salted, mac);
    floor.hmac(key, header, mac);
    floor.seal(key, nonce, header_aad, header, body.data() + 13);
    floor.hkdf(salt, key, label, derived);
    floor.seal(key, nonce, box_aad, padded, body.data() + box_at + 32);
}

bool open_message(Floor& floor, const std::vector<std::uint8_t>& body) {
    std::uint8_t mac[32];
    std::uint8_t derived[64];
    std::uint8_t opened[header_size];
    const View all(body);
    const bool first = floor.open(key, nonce, header_aad, all.subspan(13, header_size + 16), opened);
    floor.hmac(key, one, mac);
    floor.hmac(key, one, mac);
    floor.hkdf(salt, key, label, derived);
    return floor.open(key, nonce, box_aad, all.subspan(box_at + 32), opened) && first;
}

}  // namespace parley::bench
