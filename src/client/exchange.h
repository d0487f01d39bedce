// The exchange behind a spoken code, one class for each state (PROTOCOL 2.6): SPAKE2, then what each
// side owes the other, sealed. A step uses its state up, so that nothing is answered twice.
//
//   joiner                                  inviter
//   JoinerBegun     ── share ─────────────▶ InviterReady
//                   ◀── answer ──────────── InviterAnswered
//   JoinerProven    ── proof ─────────────▶
//                   ◀── invitation ──────── InviterProven
//   Met             ── receipt ───────────▶ Met
#pragma once

#include "client/pairing_message.h"
#include "identity/identity.h"
#include "identity/link.h"
#include "identity/spoken_code.h"

namespace parley::client {

/// What a code leads to: the room, and the identity that becomes verified once its handshake there is
/// confirmed.
struct Met {
    identity::Link link;
    identity::PublicIdentity peer;
};

/// Keys of the sealed parts, one for each direction.
struct PairingKeys {
    using Key = Secret<struct PairingKeyTag, 32>;

    Key of_joiner;
    Key of_inviter;
};

/// A state that follows, and what is posted on the way into it.
template <class State>
struct Step {
    Bytes post;
    State state;
};

class InviterProven {
public:
    InviterProven(PairingKeys keys, Met met) : keys_(std::move(keys)), met_(std::move(met)) {}

    /// Error: bad_tag.
    Result<Met> finish(const ReceiptMessage& receipt) &&;

private:
    PairingKeys keys_;
    Met met_;
};

class InviterAnswered {
public:
    InviterAnswered(crypto::Spake2Answered answered, identity::Link link, identity::PublicIdentity self)
        : answered_(std::move(answered)), link_(std::move(link)), self_(std::move(self)) {}

    /// Errors: bad_tag (another code), bad_key (no identity, or our own), not_canonical.
    Result<Step<InviterProven>> invite(const ProofMessage& proof, Random& random) &&;

private:
    crypto::Spake2Answered answered_;
    identity::Link link_;
    identity::PublicIdentity self_;
};

class InviterReady {
public:
    InviterReady(crypto::Spake2PartyB party, identity::Link link, identity::PublicIdentity self)
        : party_(std::move(party)), link_(std::move(link)), self_(std::move(self)) {}

    /// Error: bad_key.
    Result<Step<InviterAnswered>> answer(const ShareMessage& share) &&;

private:
    crypto::Spake2PartyB party_;
    identity::Link link_;
    identity::PublicIdentity self_;
};

class JoinerProven {
public:
    JoinerProven(PairingKeys keys, identity::PublicIdentity self) : keys_(std::move(keys)), self_(std::move(self)) {}

    /// Errors: bad_tag, bad_key (no identity, or our own), not_canonical, damaged_link and others of links.
    Result<Step<Met>> accept(const InvitationMessage& invitation, Random& random) &&;

private:
    PairingKeys keys_;
    identity::PublicIdentity self_;
};

class JoinerBegun {
public:
    JoinerBegun(crypto::Spake2PartyA party, identity::PublicIdentity self)
        : party_(std::move(party)), self_(std::move(self)) {}

    Bytes share() const { return encode(ShareMessage{party_.share()}); }

    /// Errors: bad_tag (another code), bad_key.
    Result<Step<JoinerProven>> prove(const AnswerMessage& answer, Random& random) &&;

private:
    crypto::Spake2PartyA party_;
    identity::PublicIdentity self_;
};

/// Slow by design: both hash the words.
InviterReady ready_to_invite(const identity::SpokenCode& code, const crypto::PasswordCost& cost, identity::Link link,
                             const identity::PublicIdentity& self, Random& random);
JoinerBegun begin_to_join(const identity::SpokenCode& code, const crypto::PasswordCost& cost,
                          const identity::PublicIdentity& self, Random& random);

}  // namespace parley::client
