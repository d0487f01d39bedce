#include "identity/identity.h"

#include "crypto/labels.h"

namespace parley::identity {
namespace {

constexpr std::uint8_t version[] = {1};

}  // namespace

PublicIdentity::PublicIdentity(crypto::VerifyingKey signing, crypto::P256PublicKey agreement)
    : signing_(std::move(signing)), agreement_(std::move(agreement)) {}

Result<PublicIdentity> PublicIdentity::parse(ByteView bytes) {
    if (bytes.size() != size) return fail(Errc::bad_key, "an identity has 130 bytes");
    auto signing = crypto::VerifyingKey::parse(bytes.first(65));
    auto agreement = crypto::P256PublicKey::parse(bytes.last(65));
    if (!signing || !agreement) return fail(Errc::bad_key, "an identity with a key that is none");
    if (equal(signing->view(), agreement->view())) return fail(Errc::bad_key, "one key for two purposes");
    return PublicIdentity(std::move(*signing), std::move(*agreement));
}

FixedBytes<PublicIdentity::size> PublicIdentity::bytes() const {
    FixedBytes<size> bytes;
    std::ranges::copy(agreement_.view(), std::ranges::copy(signing_.view(), bytes.begin()).out);
    return bytes;
}

Status PublicIdentity::check(ByteView certificate) const {
    return signing_.verify({crypto::labels::identity_certificate, version, agreement_.view()}, certificate);
}

Identity::Identity(crypto::SigningKey signing, crypto::P256PrivateKey agreement)
    : signing_(std::move(signing)),
      agreement_(std::move(agreement)),
      public_identity_(signing_.verifying_key(), agreement_.public_key()),
      certificate_(signing_.sign({crypto::labels::identity_certificate, version, agreement_.public_key().view()})) {}

Identity Identity::generate(Random& random) {
    auto signing = crypto::SigningKey::generate(random);
    return {std::move(signing), crypto::P256PrivateKey::generate(random)};
}

Result<Identity> Identity::restore(FixedView<64> scalars) {
    auto signing = crypto::SigningKey::restore(scalars.first<32>());
    auto agreement = crypto::P256PrivateKey::restore(scalars.last<32>());
    if (!signing || !agreement) return fail(Errc::bad_key, "a saved identity that is none");
    return Identity(std::move(*signing), std::move(*agreement));
}

Secret<IdentityScalarsTag, 64> Identity::save() const {
    return Secret<IdentityScalarsTag, 64>::filled([&](std::span<std::uint8_t, 64> out) {
        std::ranges::copy(signing_.save().reveal(), out.begin());
        std::ranges::copy(agreement_.save().reveal(), out.begin() + 32);
    });
}

}  // namespace parley::identity
