#include "unit/ratchet/olm_suite.h"

#include <openssl/evp.h>

#include <memory>

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"

namespace parley::ratchet::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::uint8_t version = 3;
constexpr std::uint8_t ratchet_key_tag = 0x0a;
constexpr std::uint8_t index_tag = 0x10;
constexpr std::uint8_t ciphertext_tag = 0x22;
constexpr std::size_t mac_size = 8;

Key private_key(const OlmSuite::Secret32& key) {
    return {EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, key.reveal().data(), 32), EVP_PKEY_free};
}

/// HKDF(0, MK, "OLM_KEYS", 80): AES key, MAC key, IV.
struct MessageKeys {
    explicit MessageKeys(const MessageKey& key) : all(crypto::hkdf<80>({}, key.reveal(), {bytes_of("OLM_KEYS")})) {}
    ByteView aes() const { return all.reveal().first<32>(); }
    ByteView mac() const { return all.reveal().subspan<32, 32>(); }
    ByteView iv() const { return all.reveal().last<16>(); }

    Secret<crypto::HkdfOutputTag, 80> all;
};

void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}

std::uint32_t take_varint(ByteView& bytes) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; !bytes.empty() && shift < 32; shift += 7) {
        const auto byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= (byte & 0x7fU) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

Bytes encrypt(const MessageKeys& keys, ByteView content) {
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes out(content.size() + 16);
    int first = 0;
    int last = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, keys.aes().data(), keys.iv().data());
    EVP_EncryptUpdate(context.get(), out.data(), &first, content.data(), static_cast<int>(content.size()));
    EVP_EncryptFinal_ex(context.get(), out.data() + first, &last);
    out.resize(static_cast<std::size_t>(first + last));
    return out;
}

Result<SecretBytes> decrypt(const MessageKeys& keys, ByteView ciphertext) {
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    SecretBytes out(ciphertext.size() + 16);
    int first = 0;
    int last = 0;
    EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, keys.aes().data(), keys.iv().data());
    EVP_DecryptUpdate(context.get(), out.writable().data(), &first, ciphertext.data(),
                      static_cast<int>(ciphertext.size()));
    if (EVP_DecryptFinal_ex(context.get(), out.writable().data() + first, &last) != 1) {
        return fail(Errc::bad_tag, "padding");
    }
    out.resize(static_cast<std::size_t>(first + last));
    return out;
}

FixedBytes<mac_size> mac_of(const MessageKeys& keys, ByteView message) {
    FixedBytes<32> whole;
    crypto::hmac_sha256(keys.mac(), {message}, whole);
    FixedBytes<mac_size> mac;
    std::copy_n(whole.begin(), mac.size(), mac.begin());
    return mac;
}

}  // namespace

OlmSuite::OwnKeys OlmSuite::generate(Random& random) {
    auto key = random.secret<Secret32>();
    RatchetKey public_key;
    std::size_t size = public_key.size();
    EVP_PKEY_get_raw_public_key(private_key(key).get(), public_key.data(), &size);
    return {std::move(key), public_key};
}

OlmSuite::Secret32 OlmSuite::agree(const OwnKeys& ours, const RatchetKey& theirs) {
    const auto key = private_key(ours.key);
    const Key peer(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, theirs.data(), theirs.size()), EVP_PKEY_free);
    const KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
    return Secret32::filled([&](std::span<std::uint8_t, 32> out) {
        std::size_t size = out.size();
        EVP_PKEY_derive_init(context.get());
        EVP_PKEY_derive_set_peer(context.get(), peer.get());
        EVP_PKEY_derive(context.get(), out.data(), &size);
    });
}

OlmSuite::SendHalf OlmSuite::send_half(const TheirKeys& theirs, Random& random) {
    auto ours = generate(random);
    auto input = agree(ours, theirs.key);
    const Announcement announcement{ours.public_key};
    return {std::move(ours), announcement, std::move(input)};
}

Result<OlmSuite::StepInput> OlmSuite::receive_half(const OwnKeys& ours, const TheirKeys& theirs, const Announcement&) {
    return agree(ours, theirs.key);
}

OlmSuite::RootStep OlmSuite::root_step(const RootKey& root, const StepInput& input) {
    const auto derived = crypto::hkdf<64>(root.reveal(), input.reveal(), {bytes_of("OLM_RATCHET")});
    return {RootKey(derived.reveal().first<32>()), ChainKey(derived.reveal().last<32>()), {}};
}

ChainStep OlmSuite::advance(const ChainKey& key) {
    return {crypto::hmac_to<MessageKey>(key.reveal(), {FixedBytes<1>{1}}),
            crypto::hmac_to<ChainKey>(key.reveal(), {FixedBytes<1>{2}})};
}

Bytes OlmSuite::seal(const HeaderKeys&, const Header& header, const MessageKey& key, const TranscriptHash&,
                     ByteView content, Random&) {
    const MessageKeys keys(key);
    const auto ciphertext = encrypt(keys, content);
    Bytes message{version, ratchet_key_tag, 32};
    append(message, header.announcement.key);
    message.push_back(index_tag);
    append_varint(message, header.n);
    message.push_back(ciphertext_tag);
    append_varint(message, ciphertext.size());
    append(message, ciphertext);
    append(message, mac_of(keys, message));
    return message;
}

Result<OlmSuite::Sealed> OlmSuite::take_apart(ByteView message) {
    if (message.size() < 48 || message[0] != version || message[1] != ratchet_key_tag || message[2] != 32 ||
        message[35] != index_tag) {
        return fail(Errc::truncated, "not a message of Olm");
    }
    Sealed sealed{};
    std::copy_n(message.begin() + 3, 32, sealed.header.announcement.key.begin());
    auto rest = message.subspan(36);
    sealed.header.n = take_varint(rest);
    if (rest.empty() || rest[0] != ciphertext_tag) return fail(Errc::truncated, "no ciphertext");
    rest = rest.subspan(1);
    const auto size = take_varint(rest);
    if (rest.size() != size + mac_size) return fail(Errc::truncated, "another length");
    sealed.ciphertext = rest.first(size);
    sealed.mac = rest.last(mac_size);
    sealed.authenticated = message.first(message.size() - mac_size);
    return sealed;
}

Result<SecretBytes> OlmSuite::open_content(const MessageKey& key, const Header&, const TranscriptHash&,
                                           const Sealed& sealed) {
    const MessageKeys keys(key);
    if (!equal_constant_time(mac_of(keys, sealed.authenticated), sealed.mac)) return fail(Errc::bad_tag, "MAC");
    return decrypt(keys, sealed.ciphertext);
}

FixedBytes<16> OlmSuite::header_hash(const Sealed& sealed) {
    const auto digest = crypto::sha256({sealed.authenticated});
    FixedBytes<16> hash;
    std::ranges::copy(digest.view().first<16>(), hash.begin());
    return hash;
}

}  // namespace parley::ratchet::testing
