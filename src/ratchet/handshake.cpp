#include "ratchet/handshake.h"

#include "base/codec.h"
#include "base/ensure.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/labels.h"
#include "ratchet/flights.h"
#include "ratchet/inside.h"
#include "ratchet/version.h"

namespace parley::ratchet {
namespace {

namespace labels = crypto::labels;
using ConfirmKey = Secret<struct ConfirmKeyTag, 32>;

crypto::Digest256 card_hash(ByteView card) { return crypto::sha256({labels::handshake_card, card}); }

/// Both cards by role, whoever of the two we are.
struct Cards {
    ByteView initiator;
    ByteView responder;
};

FixedBytes<4> length_of(ByteView part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    return {static_cast<std::uint8_t>(size >> 24U), static_cast<std::uint8_t>(size >> 16U),
            static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
}

// PROTOCOL 3.1: T; every variable field has its length in front.
TranscriptHash transcript(const RoomId& room, const Cards& cards, ByteView init, ByteView answer) {
    const auto said_first = said_in_init(init);
    const auto said_second = said_in_answer(answer);
    const auto hash =
        crypto::sha256({labels::handshake_transcript, version_byte, room.view(), length_of(cards.initiator),
                        cards.initiator, length_of(cards.responder), cards.responder, length_of(said_first), said_first,
                        length_of(said_second), said_second});
    return TranscriptHash(hash.view());
}

/// The four secrets in the order of PROTOCOL 3.1, the same on both sides.
struct Agreed {
    crypto::SharedSecret initiator_identity;  // DH(IK_i, EK_r)
    crypto::SharedSecret responder_identity;  // DH(EK_i, IK_r)
    crypto::SharedSecret ephemerals;          // DH(EK_i, EK_r)
    crypto::SharedSecret kem;                 // ss
};

struct HandshakeKeys {
    RootKey root;
    HeaderKeys initiator_header;       // HK_i
    HeaderKeys next_responder_header;  // NHK_r
    ConfirmKey confirm;
};

HandshakeKeys derive(const Agreed& agreed, const TranscriptHash& transcript) {
    const SecretBytes secrets({agreed.initiator_identity.reveal(), agreed.responder_identity.reveal(),
                               agreed.ephemerals.reveal(), agreed.kem.reveal()});
    const auto derived = crypto::hkdf<128>({}, secrets.reveal(), {labels::handshake_keys, transcript.view()});
    ByteView rest = derived.reveal();
    auto root = cut<RootKey>(rest);
    auto initiator_header = derive_header_keys(cut<HeaderKey>(rest));
    auto next_responder_header = derive_header_keys(cut<HeaderKey>(rest));
    return {std::move(root), std::move(initiator_header), std::move(next_responder_header), cut<ConfirmKey>(rest)};
}

FixedBytes<32> responder_mac(const ConfirmKey& key, const TranscriptHash& transcript) {
    FixedBytes<32> mac;
    crypto::hmac_sha256(key.reveal(), {labels::handshake_responder, transcript.view()}, mac);
    return mac;
}

/// C03: an ephemeral that is an identity's key was not made for this handshake.
bool is_identity_key(const Context& context, const crypto::P256PublicKey& ephemeral) {
    return ephemeral == context.us.agreement_key().public_key() || ephemeral == context.them.agreement_key();
}

std::unexpected<Error> bad_ephemeral() { return fail(Errc::bad_key, "an ephemeral is an identity's key or our own"); }

Result<Agreed> gather(Result<crypto::SharedSecret> initiator_identity, Result<crypto::SharedSecret> responder_identity,
                      Result<crypto::SharedSecret> ephemerals, Result<crypto::SharedSecret> kem) {
    if (!initiator_identity || !responder_identity || !ephemerals || !kem) return bad_ephemeral();
    return Agreed{std::move(*initiator_identity), std::move(*responder_identity), std::move(*ephemerals),
                  std::move(*kem)};
}

Session session_of(const TranscriptHash& transcript, RootKey root, HeaderKeys next_receiving, Turn<Suite> turn) {
    return make_session({transcript, std::move(root), std::move(next_receiving), std::move(turn)});
}

}  // namespace

bool initiates(const identity::PublicIdentity& us, const identity::PublicIdentity& them) { return us < them; }

Initiator Initiator::start(const Context& context, Random& random) {
    ensure(initiates(context.us.public_identity(), context.them), "the smaller identity initiates");
    auto key = crypto::P256PrivateKey::generate(random);
    auto decapsulation = crypto::DecapsulationKey::generate(random);
    auto init = encode(Init{card_hash(context.our_card), card_hash(context.their_card), key.public_key(),
                            decapsulation.encapsulation_key()});
    return {std::move(init), Ephemerals{std::move(key), std::move(decapsulation)}};
}

bool Initiator::fits(const Context& context) const {
    const auto cards = ByteView(init_).subspan(2, 2 * crypto::Digest256::size);
    return equal(cards.first(crypto::Digest256::size), card_hash(context.our_card).view()) &&
           equal(cards.last(crypto::Digest256::size), card_hash(context.their_card).view());
}

Result<Finished> Initiator::finish(const Context& context, ByteView body, Random& random) {
    ensure(ephemerals_.has_value(), "ephemerals serve one handshake");
    auto answer = decode_answer(body);
    if (!answer) return std::unexpected(answer.error());
    if (is_identity_key(context, answer->key)) return bad_ephemeral();

    auto agreed = gather(crypto::agree(context.us.agreement_key(), answer->key),
                         crypto::agree(ephemerals_->key, context.them.agreement_key()),
                         crypto::agree(ephemerals_->key, answer->key),
                         crypto::decapsulate(ephemerals_->decapsulation, answer->ciphertext));
    if (!agreed) return std::unexpected(agreed.error());
    const auto T = transcript(context.room, {context.our_card, context.their_card}, init_, body);
    auto keys = derive(*agreed, T);
    if (!equal_constant_time(responder_mac(keys.confirm, T), answer->mac)) {
        return fail(Errc::bad_tag, "the answer does not verify");
    }
    ephemerals_.reset();
    auto session = session_of(
        T, std::move(keys.root), std::move(keys.next_responder_header),
        Answering<Suite>{
            {std::move(answer->key), std::move(answer->encapsulation)}, std::move(keys.initiator_header), 0});
    auto confirmation = session.seal({}, random);
    ensure(confirmation.has_value(), "an initiator may seal");
    return Finished{std::move(session), std::move(*confirmation)};
}

Result<Response> respond(const Context& context, ByteView body, Random& random) {
    if (initiates(context.us.public_identity(), context.them)) {
        return fail(Errc::wrong_state, "the smaller identity initiates");
    }
    const auto init = decode_init(body);
    if (!init) return std::unexpected(init.error());
    if (init->initiator_card != card_hash(context.their_card) || init->responder_card != card_hash(context.our_card)) {
        return fail(Errc::wrong_state, "the Init speaks of other cards");
    }
    if (is_identity_key(context, init->key)) return bad_ephemeral();

    auto ours = Suite::generate(random);
    auto kem = crypto::encapsulate(init->encapsulation, random);
    auto agreed = gather(crypto::agree(ours.key, context.them.agreement_key()),
                         crypto::agree(context.us.agreement_key(), init->key), crypto::agree(ours.key, init->key),
                         std::move(kem.shared));
    if (!agreed) return std::unexpected(agreed.error());
    auto answer = encode(Answer{ours.key.public_key(), ours.decapsulation.encapsulation_key(), kem.ciphertext, {}});
    const auto T = transcript(context.room, {context.their_card, context.our_card}, body, answer);
    auto keys = derive(*agreed, T);
    const auto mac_at = answer.begin() + static_cast<std::ptrdiff_t>(said_in_answer(answer).size());
    std::ranges::copy(responder_mac(keys.confirm, T), mac_at);
    auto session = session_of(
        T, std::move(keys.root), std::move(keys.initiator_header),
        Awaiting<Suite>{std::move(ours), std::move(keys.next_responder_header), Suite::ratchet_key(init->key)});
    return Response{std::move(answer), std::move(session)};
}

}  // namespace parley::ratchet
