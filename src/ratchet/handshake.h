// How two people who see each other's card come to share a session: two flights and a confirmation.
//
//   initiator (smaller identity)                      responder
//     Init: hashes of both cards, EK_i, ek_i    ->
//                                               <-      Answer: EK_r, ek_r, ct, MAC
//     ratchet message 0, empty                  ->      confirmed: may seal now
#pragma once

#include <optional>

#include "base/names.h"
#include "crypto/mlkem768.h"
#include "crypto/p256.h"
#include "identity/identity.h"
#include "ratchet/session.h"

namespace parley::ratchet {

/// What both sides must agree on before the first flight. The cards are the plaintexts of
/// PROTOCOL 2.7, and the client has read `them` out of `their_card`.
struct Context {
    const RoomId& room;
    const identity::Identity& us;
    const identity::PublicIdentity& them;
    ByteView our_card;
    ByteView their_card;
};

/// PROTOCOL 3.2: the smaller identity initiates, so two Inits never cross.
bool initiates(const identity::PublicIdentity& us, const identity::PublicIdentity& them);

/// What the responder's good answer makes: the session, and the body to post at once.
struct Finished {
    Session session;
    Bytes confirmation;
};

/// The initiator, from Init to Answer. Its ephemerals serve one handshake: finish() takes them along.
/// Drop it after 60 s without an answer; that wipes them.
class Initiator {
public:
    static Initiator start(const Context& context, Random& random);

    /// The body to post; the same bytes again when it is to be repeated.
    const Bytes& init() const { return init_; }

    /// True while this Init speaks of these very cards. When a card changed, start anew.
    bool fits(const Context& context) const;

    /// Errc::bad_tag: not the answer to this Init from who holds their identity, or something on
    /// the way was changed. A refused answer uses nothing up: the true one may still come.
    /// After success this object is spent, and calling it again stops the process.
    Result<Finished> finish(const Context& context, ByteView answer, Random& random);

private:
    struct Ephemerals {
        crypto::P256PrivateKey key;
        crypto::DecapsulationKey decapsulation;
    };
    Initiator(Bytes init, Ephemerals ephemerals) : init_(std::move(init)), ephemerals_(std::move(ephemerals)) {}

    Bytes init_;
    std::optional<Ephemerals> ephemerals_;
};

/// The responder's answer and its session, which seals nothing until it opened the confirmation.
/// One is pending per seat; a newer one replaces it, and after 60 s without confirmation drop it.
struct Response {
    Bytes answer;
    Session session;
};

/// Errc::wrong_state: the Init speaks of other cards than these, or the other side is not the one
/// that initiates. Errc::bad_key: an ephemeral is invalid, an identity's key, or our own.
Result<Response> respond(const Context& context, ByteView init, Random& random);

}  // namespace parley::ratchet
