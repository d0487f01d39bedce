// The header of a message (PROTOCOL 3.4) and its sealing (3.5).
//
//   sealed header = nonce (12) || AES-256-GCM(HE, nonce, P-256 key | pn | n | ek | ct | salt) || tag (16)
#pragma once

#include <optional>

#include "crypto/box.h"
#include "crypto/mlkem768.h"
#include "crypto/p256.h"
#include "ratchet/keys.h"

namespace parley::ratchet {

/// What every header of one sending chain repeats, so that losing any of them is harmless.
struct Announcement {
    FixedBytes<crypto::P256PublicKey::size> ratchet_key;
    FixedBytes<crypto::kem_key_size> encapsulation_key;  // ek
    crypto::KemCiphertext ciphertext;                    // ct

    friend bool operator==(const Announcement&, const Announcement&) = default;
};

struct Header {
    Announcement announcement;
    std::uint32_t pn;  ///< messages in the sender's chain before this one
    std::uint32_t n;   ///< number of this message in its chain
    crypto::Salt salt;
};

inline constexpr std::size_t announcement_size =
    crypto::P256PublicKey::size + crypto::kem_key_size + crypto::kem_ciphertext_size;
inline constexpr std::size_t header_size = announcement_size + 4 + 4 + sizeof(crypto::Salt);  // 2,361
inline constexpr std::size_t sealed_header_size = sizeof(crypto::Nonce) + header_size + crypto::tag_size;

using EncodedHeader = FixedBytes<header_size>;
using SealedHeader = FixedView<sealed_header_size>;

EncodedHeader encode(const Header& header);
/// Nothing if n is 2^31 or more, or pn above it. The keys in it are parsed when a step is made of them: in a
/// known chain they only have to be the same bytes again.
std::optional<Header> decode(const EncodedHeader& bytes);

/// HE || HN = HKDF(HK, label).
HeaderKeys derive_header_keys(const HeaderKey& key);

void seal_header(const HeaderKeys& keys, const TranscriptHash& transcript, const EncodedHeader& header,
                 std::span<std::uint8_t, sealed_header_size> out);
/// Nothing if these are not the keys it was sealed with.
std::optional<Header> open_header(const HeaderKeys& keys, const TranscriptHash& transcript, SealedHeader sealed);

}  // namespace parley::ratchet
