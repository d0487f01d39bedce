// What two people post to each other in a nameplate's room (PROTOCOL 2.6). Every body has 4,096 bytes.
//
//   share      = 10 || 01 || pA (65) || zeros                 the joiner begins
//   answer     = 11 || 01 || pB (65) || cB (32) || zeros      the one answer the inviter gives
//   proof      = 12 || 01 || cA (32) || sealed                holds the joiner's identity
//   invitation = 13 || 01 || sealed                           holds the inviter's identity and the link
//   receipt    = 14 || 01 || sealed                           holds nothing: the joiner has it all
//   burned     = 15 || 01 || zeros                            the code is spent
#pragma once

#include <variant>

#include "base/error.h"
#include "crypto/spake2.h"

namespace parley::client {

inline constexpr std::size_t pairing_body = 4096;
inline constexpr std::size_t sealed_proof_size = pairing_body - 2 - 32;
inline constexpr std::size_t sealed_size = pairing_body - 2;

struct ShareMessage {
    crypto::Spake2Share share;
};
struct AnswerMessage {
    crypto::Spake2Share share;
    crypto::Spake2Confirmation confirmation;
};
struct ProofMessage {
    crypto::Spake2Confirmation confirmation;
    FixedBytes<sealed_proof_size> sealed;
};
struct InvitationMessage {
    FixedBytes<sealed_size> sealed;
};
struct ReceiptMessage {
    FixedBytes<sealed_size> sealed;
};
struct BurnedMessage {};

using PairingMessage =
    std::variant<ShareMessage, AnswerMessage, ProofMessage, InvitationMessage, ReceiptMessage, BurnedMessage>;

Bytes encode(const PairingMessage& message);
/// Errors: truncated (another size), unknown_type (kind or version), not_canonical (padding).
Result<PairingMessage> decode_pairing(ByteView body);

}  // namespace parley::client
