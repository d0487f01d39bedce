// SPAKE2 on P-256 with SHA-256, HKDF and HMAC (RFC 9382): two people who share a short password agree
// on a strong key, and whoever stands between them can try one password per exchange and test nothing
// afterwards.
//
//   A:  pA = x*P + w*M                                     ── pA ─────▶
//   B:  pB = y*P + w*N,  K = y*(pA - w*M)                  ◀─ pB, cB ──
//   A:  K = x*(pB - w*N),  verifies cB                     ── cA ─────▶  B verifies cA
//
// A state is a type: each party makes one share, answers one, and is used up by it. EVP has no
// addition of points, so this file uses OpenSSL's points and numbers: docs/decisions/0007.
#pragma once

#include "base/error.h"
#include "base/random.h"

namespace parley::crypto {

using Spake2Share = FixedBytes<65>;
using Spake2Confirmation = FixedBytes<32>;
/// RFC 9382 section 3.2: 16 bytes more than the group's order, so that w = password mod n is even.
using Spake2Password = Secret<struct Spake2PasswordTag, 48>;
/// Ke of the RFC: known to both once the other's confirmation verified.
using Spake2Key = Secret<struct Spake2KeyTag, 16>;
using Spake2Scalar = Secret<struct Spake2ScalarTag, 32>;

/// What both must agree on beside the password; each enters the transcript.
struct Spake2Context {
    Bytes party_a;
    Bytes party_b;
    Bytes associated_data;
};

/// Party A after its share was sent.
class Spake2PartyA {
public:
    Spake2PartyA(const Spake2Password& password, Spake2Context context, Random& random);

    const Spake2Share& share() const { return share_; }

    struct Finished {
        Spake2Confirmation confirmation;
        Spake2Key key;
    };
    /// Errors: bad_key (no point, or our own share), bad_tag: the other used another password.
    Result<Finished> finish(ByteView their_share, ByteView their_confirmation) &&;

private:
    Spake2Context context_;
    Spake2Scalar w_;
    Spake2Scalar x_;
    Spake2Share share_;
};

/// Party B after its answer was sent: it knows nothing of A yet.
class Spake2Answered {
public:
    /// Error: bad_tag: the other used another password.
    Result<Spake2Key> confirm(ByteView their_confirmation) &&;

private:
    friend class Spake2PartyB;
    Spake2Answered(Spake2Confirmation expected, Spake2Key key) : expected_(expected), key_(std::move(key)) {}

    Spake2Confirmation expected_;
    Spake2Key key_;
};

/// Party B before a share came.
class Spake2PartyB {
public:
    Spake2PartyB(const Spake2Password& password, Spake2Context context, Random& random);

    struct Answer {
        Spake2Share share;
        Spake2Confirmation confirmation;
        Spake2Answered unconfirmed;
    };
    /// Error: bad_key (no point, or our own share).
    Result<Answer> answer(ByteView their_share) &&;

private:
    Spake2Context context_;
    Spake2Scalar w_;
    Spake2Scalar y_;
    Spake2Share share_;
};

}  // namespace parley::crypto
