// ECDSA on P-256 with SHA-256 (FIPS 186-5): on the identity certificate and on nothing else.
#pragma once

#include "crypto/p256.h"

namespace parley::crypto {

/// r || s, 32 bytes each, big-endian.
using Signature = FixedBytes<64>;

class VerifyingKey {
public:
    static constexpr std::size_t size = 65;

    /// Error: bad_key.
    static Result<VerifyingKey> parse(ByteView bytes);

    /// Error: bad_tag.
    Status verify(Parts message, ByteView signature) const;

    FixedView<size> view() const { return FixedView<size>(bytes_); }
    friend bool operator==(const VerifyingKey& a, const VerifyingKey& b) { return a.bytes_ == b.bytes_; }
    friend auto operator<=>(const VerifyingKey& a, const VerifyingKey& b) { return a.bytes_ <=> b.bytes_; }

private:
    friend class SigningKey;
    VerifyingKey(FixedView<size> bytes, PkeyPtr key);

    FixedBytes<size> bytes_;
    PkeyPtr key_;  ///< as in P256PublicKey
};

class SigningKey {
public:
    using Scalar = Secret<struct SigningScalarTag, 32>;

    static SigningKey generate(Random& random);
    static Result<SigningKey> restore(FixedView<32> scalar);

    /// Deterministic (RFC 6979): a dead random generator gives no key away.
    Signature sign(Parts message) const;

    const VerifyingKey& verifying_key() const { return verifying_key_; }
    Scalar save() const;

    SigningKey(SigningKey&&) noexcept = default;
    SigningKey& operator=(SigningKey&&) noexcept = default;

private:
    explicit SigningKey(PkeyPtr key);

    PkeyPtr key_;
    VerifyingKey verifying_key_;
};

}  // namespace parley::crypto
