// Who somebody is: an ECDSA key and the ECDH key it certifies (PROTOCOL 2.1). Either one changing is
// a new identity.
#pragma once

#include "crypto/ecdsa.h"

namespace parley::identity {

/// Signs the agreement key and the version; nothing else is ever signed.
using Certificate = crypto::Signature;

class PublicIdentity {
public:
    static constexpr std::size_t size = 130;

    /// signing key (65) || agreement key (65). Error: bad_key, also when both are the same.
    static Result<PublicIdentity> parse(ByteView bytes);

    const crypto::VerifyingKey& signing_key() const { return signing_; }
    const crypto::P256PublicKey& agreement_key() const { return agreement_; }
    FixedBytes<size> bytes() const;

    /// Error: bad_tag.
    Status check(ByteView certificate) const;

    friend bool operator==(const PublicIdentity&, const PublicIdentity&) = default;
    friend auto operator<=>(const PublicIdentity&, const PublicIdentity&) = default;

private:
    friend class Identity;
    PublicIdentity(crypto::VerifyingKey signing, crypto::P256PublicKey agreement);

    crypto::VerifyingKey signing_;
    crypto::P256PublicKey agreement_;
};

/// Our own. It moves and never copies.
class Identity {
public:
    static Identity generate(Random& random);
    /// signing scalar (32) || agreement scalar (32).
    static Result<Identity> restore(FixedView<64> scalars);

    const PublicIdentity& public_identity() const { return public_identity_; }
    const crypto::P256PrivateKey& agreement_key() const { return agreement_; }
    const Certificate& certificate() const { return certificate_; }
    Secret<struct IdentityScalarsTag, 64> save() const;

private:
    Identity(crypto::SigningKey signing, crypto::P256PrivateKey agreement);

    crypto::SigningKey signing_;
    crypto::P256PrivateKey agreement_;
    PublicIdentity public_identity_;
    Certificate certificate_;
};

}  // namespace parley::identity
