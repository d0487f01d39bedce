// ECDH on P-256 (SP 800-56A). A key that exists is valid: on the curve, 65 bytes, first byte 04.
#pragma once

#include <memory>

#include "base/error.h"
#include "base/random.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY: its headers stay inside crypto

namespace parley::crypto {

using SharedSecret = Secret<struct SharedSecretTag, 32>;
using PkeyPtr = std::shared_ptr<evp_pkey_st>;

class P256PublicKey {
public:
    static constexpr std::size_t size = 65;

    /// Error: bad_key, whatever is wrong with it.
    static Result<P256PublicKey> parse(ByteView bytes);

    FixedView<size> view() const { return FixedView<size>(bytes_); }

    friend bool operator==(const P256PublicKey& a, const P256PublicKey& b) { return a.bytes_ == b.bytes_; }
    friend auto operator<=>(const P256PublicKey& a, const P256PublicKey& b) { return a.bytes_ <=> b.bytes_; }

private:
    friend class P256PrivateKey;
    friend Result<SharedSecret> agree(const class P256PrivateKey&, const P256PublicKey&);
    P256PublicKey(FixedView<size> bytes, PkeyPtr key);

    FixedBytes<size> bytes_;
    PkeyPtr key_;  ///< imported once, when it was checked; none for our own, see P256PrivateKey
};

/// Its public key may be kept for longer: it holds nothing of the private one.
class P256PrivateKey {
public:
    using Scalar = Secret<struct P256ScalarTag, 32>;

    static P256PrivateKey generate(Random& random);
    /// Error: bad_key unless 0 < scalar < n.
    static Result<P256PrivateKey> restore(FixedView<32> scalar);

    const P256PublicKey& public_key() const { return public_key_; }
    Scalar save() const;
    P256PrivateKey duplicate() const { return *this; }

    P256PrivateKey(P256PrivateKey&&) noexcept = default;
    P256PrivateKey& operator=(P256PrivateKey&&) noexcept = default;

private:
    friend Result<SharedSecret> agree(const P256PrivateKey&, const P256PublicKey&);
    explicit P256PrivateKey(PkeyPtr key);
    P256PrivateKey(const P256PrivateKey&) = default;  // shares the one key that OpenSSL wipes

    PkeyPtr key_;
    P256PublicKey public_key_;
};

/// The x coordinate, 32 bytes. Error: bad_key for our own public key (a reflection).
Result<SharedSecret> agree(const P256PrivateKey& ours, const P256PublicKey& theirs);

}  // namespace parley::crypto
