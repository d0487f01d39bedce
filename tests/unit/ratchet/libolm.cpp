#include "unit/ratchet/libolm.h"

#include <olm/olm.h>
#include <openssl/evp.h>

#include "base/ensure.h"

namespace parley::ratchet::testing {
namespace {

/// Base64 without padding, as libolm speaks it.
std::string to_base64(ByteView bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
    out.resize((bytes.size() * 4 + 2) / 3);
    return out;
}

Bytes from_base64(std::string text) {
    const auto size = text.size() * 3 / 4;
    text.resize((text.size() + 3) / 4 * 4, '=');
    Bytes out(text.size());
    EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(size);
    return out;
}

}  // namespace

LibolmPeer::LibolmPeer(const FixedBytes<32>& identity, const FixedBytes<32>& one_time, Random& random)
    : random_(random),
      account_memory_(olm_account_size()),
      session_memory_(olm_session_size()),
      account_(olm_account(account_memory_.data())),
      session_(olm_session(session_memory_.data())) {
    auto bytes = fill(olm_create_account_random_length(account_));
    olm_create_account(account_, bytes.data(), bytes.size());
    const auto their_identity = to_base64(identity);
    const auto their_one_time = to_base64(one_time);
    bytes = fill(olm_create_outbound_session_random_length(session_));
    const auto made =
        olm_create_outbound_session(session_, account_, their_identity.data(), their_identity.size(),
                                    their_one_time.data(), their_one_time.size(), bytes.data(), bytes.size());
    ensure(made != olm_error(), "libolm begins a session");
}

Bytes LibolmPeer::fill(std::size_t size) {
    Bytes bytes(size);
    random_.fill(bytes);
    return bytes;
}

LibolmPeer::Message LibolmPeer::seal(std::string_view content) {
    const bool first_flight = olm_encrypt_message_type(session_) == 0;
    std::string out(olm_encrypt_message_length(session_, content.size()), '\0');
    auto random = fill(olm_encrypt_random_length(session_));
    const auto size =
        olm_encrypt(session_, content.data(), content.size(), random.data(), random.size(), out.data(), out.size());
    ensure(size != olm_error(), "libolm encrypts");
    out.resize(size);
    return {first_flight, from_base64(std::move(out))};
}

LibolmPeer::Opened LibolmPeer::open(const Bytes& message) {
    auto text = to_base64(message);
    auto measured = text;
    const auto room = olm_decrypt_max_plaintext_length(session_, 1, measured.data(), measured.size());
    if (room == olm_error()) return {true, {}};
    std::string out(room, '\0');
    const auto size = olm_decrypt(session_, 1, text.data(), text.size(), out.data(), out.size());
    if (size == olm_error()) return {true, {}};
    out.resize(size);
    return {false, out};
}

}  // namespace parley::ratchet::testing
