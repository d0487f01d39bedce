// The two bodies of the handshake (PROTOCOL 3.1), each 4,096 bytes, zeros at the end.
//
//   Init   = kind 1 || version 1 || card hash of the initiator (32) || of the responder (32) || EK_i (65) || ek_i
//   (1,184) Answer = kind 1 || version 1 || EK_r (65) || ek_r (1,184) || ct (1,088) || MAC (32)
#pragma once

#include "crypto/hash.h"
#include "crypto/mlkem768.h"
#include "crypto/p256.h"

namespace parley::ratchet {

struct Init {
    crypto::Digest256 initiator_card;
    crypto::Digest256 responder_card;
    crypto::P256PublicKey key;               // EK_i
    crypto::EncapsulationKey encapsulation;  // ek_i
};

struct Answer {
    crypto::P256PublicKey key;               // EK_r
    crypto::EncapsulationKey encapsulation;  // ek_r
    crypto::KemCiphertext ciphertext;        // ct
    FixedBytes<32> mac;
};

Bytes encode(const Init& init);
/// Errors: truncated, unknown_type (kind or version), not_canonical (no zeros at the end), bad_key.
Result<Init> decode_init(ByteView body);

Bytes encode(const Answer& answer);
Result<Answer> decode_answer(ByteView body);

/// What of a body goes into the transcript: all that is said, without zeros and without the MAC.
ByteView said_in_init(ByteView body);
ByteView said_in_answer(ByteView body);

}  // namespace parley::ratchet
