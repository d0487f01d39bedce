#include "client/exchange.h"

#include "base/codec.h"
#include "crypto/box.h"
#include "crypto/hkdf.h"

namespace parley::client {
namespace {

namespace labels = crypto::labels;
using identity::PublicIdentity;

constexpr std::size_t box_extra = 16 + crypto::box_overhead;  ///< salt, commitment, tag

PairingKeys keys_of(const crypto::Spake2Key& key) {
    const auto both = crypto::hkdf<64>({}, key.reveal(), {labels::code_box_keys});
    return {PairingKeys::Key(both.reveal().first<32>()), PairingKeys::Key(both.reveal().last<32>())};
}

/// Pads the content to what the message has room for: sizes tell nothing.
template <std::size_t N>
FixedBytes<N> seal(const PairingKeys::Key& key, crypto::Label label, SecretBytes content, Random& random) {
    content.resize(N - box_extra);
    const auto salt = crypto::box_salt(key.reveal(), label, content.reveal(), random);
    FixedBytes<N> sealed;
    std::ranges::copy(salt, sealed.begin());
    crypto::seal_box(key.reveal(), label, salt, {}, content.reveal(), MutableBytes(sealed).subspan(salt.size()));
    return sealed;
}

Result<SecretBytes> open(const PairingKeys::Key& key, crypto::Label label, ByteView sealed) {
    Reader in(sealed);
    const auto salt = in.array<16>();
    SecretBytes content(sealed.size() - box_extra);
    const auto opened = crypto::open_box(key.reveal(), label, salt, {}, in.rest(), content.writable());
    if (!opened) return std::unexpected(opened.error());
    return content;
}

Status only_zeros(ByteView padding) {
    const bool zeros = std::ranges::all_of(padding, [](std::uint8_t byte) { return byte == 0; });
    if (!zeros) return fail(Errc::not_canonical, "a pairing box padded with something");
    return {};
}

/// The other side's identity at the front of what it sealed.
Result<PublicIdentity> read_identity(Reader& in, const PublicIdentity& self) {
    auto identity = PublicIdentity::parse(in.take(PublicIdentity::size));
    if (identity && *identity == self) return fail(Errc::bad_key, "our own identity came back");
    return identity;
}

Result<PublicIdentity> read_proof(const SecretBytes& content, const PublicIdentity& self) {
    Reader in(content.reveal());
    auto identity = read_identity(in, self);
    if (const auto padded = only_zeros(in.rest()); !padded) return std::unexpected(padded.error());
    return identity;
}

Result<Met> read_invitation(const SecretBytes& content, const PublicIdentity& self) {
    Reader in(content.reveal());
    auto identity = read_identity(in, self);
    if (!identity) return std::unexpected(identity.error());
    auto link = identity::parse_link(text_of(in.take(in.number<std::uint16_t>())));
    if (!link) return std::unexpected(link.error());
    if (const auto padded = only_zeros(in.rest()); !padded) return std::unexpected(padded.error());
    return Met{std::move(*link), std::move(*identity)};
}

SecretBytes invitation_of(const PublicIdentity& self, const identity::Link& link) {
    auto text = print(link);
    const FixedBytes<2> length{static_cast<std::uint8_t>(text.size() >> 8U), static_cast<std::uint8_t>(text.size())};
    SecretBytes content({self.bytes(), length, bytes_of(text)});
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return content;
}

}  // namespace

InviterReady ready_to_invite(const identity::SpokenCode& code, const crypto::PasswordCost& cost, identity::Link link,
                             const PublicIdentity& self, Random& random) {
    crypto::Spake2PartyB party(code.password(cost), code_context(code.nameplate()), random);
    return {std::move(party), std::move(link), self};
}

JoinerBegun begin_to_join(const identity::SpokenCode& code, const crypto::PasswordCost& cost,
                          const PublicIdentity& self, Random& random) {
    return {crypto::Spake2PartyA(code.password(cost), code_context(code.nameplate()), random), self};
}

Result<Step<InviterAnswered>> InviterReady::answer(const ShareMessage& share) && {
    auto answer = std::move(party_).answer(share.share);
    if (!answer) return std::unexpected(answer.error());
    return Step<InviterAnswered>{encode(AnswerMessage{answer->share, answer->confirmation}),
                                 {std::move(answer->unconfirmed), std::move(link_), std::move(self_)}};
}

Result<Step<JoinerProven>> JoinerBegun::prove(const AnswerMessage& answer, Random& random) && {
    auto finished = std::move(party_).finish(answer.share, answer.confirmation);
    if (!finished) return std::unexpected(finished.error());
    auto keys = keys_of(finished->key);
    const auto sealed =
        seal<sealed_proof_size>(keys.of_joiner, labels::code_proof_box, SecretBytes(self_.bytes()), random);
    return Step<JoinerProven>{encode(ProofMessage{finished->confirmation, sealed}), {std::move(keys), self_}};
}

Result<Step<InviterProven>> InviterAnswered::invite(const ProofMessage& proof, Random& random) && {
    const auto key = std::move(answered_).confirm(proof.confirmation);
    if (!key) return std::unexpected(key.error());
    auto keys = keys_of(*key);
    const auto content = open(keys.of_joiner, labels::code_proof_box, proof.sealed);
    if (!content) return std::unexpected(content.error());
    auto peer = read_proof(*content, self_);
    if (!peer) return std::unexpected(peer.error());
    const auto sealed =
        seal<sealed_size>(keys.of_inviter, labels::code_invitation_box, invitation_of(self_, link_), random);
    return Step<InviterProven>{encode(InvitationMessage{sealed}),
                               {std::move(keys), Met{std::move(link_), std::move(*peer)}}};
}

Result<Step<Met>> JoinerProven::accept(const InvitationMessage& invitation, Random& random) && {
    const auto content = open(keys_.of_inviter, labels::code_invitation_box, invitation.sealed);
    if (!content) return std::unexpected(content.error());
    auto met = read_invitation(*content, self_);
    if (!met) return std::unexpected(met.error());
    const auto sealed = seal<sealed_size>(keys_.of_joiner, labels::code_receipt_box, SecretBytes(), random);
    return Step<Met>{encode(ReceiptMessage{sealed}), std::move(*met)};
}

Result<Met> InviterProven::finish(const ReceiptMessage& receipt) && {
    const auto content = open(keys_.of_joiner, labels::code_receipt_box, receipt.sealed);
    if (!content) return std::unexpected(content.error());
    if (const auto empty = only_zeros(content->reveal()); !empty) return std::unexpected(empty.error());
    return std::move(met_);
}

}  // namespace parley::client
