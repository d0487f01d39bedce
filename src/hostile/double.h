// The attacker as a person: an identity of its own behind a seat that a client sees, and the protocol as anybody
// speaks it. What it can do, anybody could who has what the attacker has.
#pragma once

#include "identity/card.h"
#include "ratchet/handshake.h"

namespace parley::hostile {

class Double {
public:
    Double(identity::Place place, std::string name, const identity::RoomKey& key, Random& random);

    /// As a Seat frame shows it.
    const Bytes& sealed_card() const { return sealed_card_; }

    /// Whom it faces, by the plaintext of their card: what it posts at once.
    std::vector<Bytes> meet(ByteView their_card);

    struct Heard {
        std::vector<Bytes> answers;       ///< bodies to deliver
        std::optional<SecretBytes> said;  ///< what it read
    };
    /// A body that was posted to its seat.
    Heard hear(ByteView body, Time now);

    /// Whether there is a session, and the other side is known to have it.
    bool can_say() const { return session_ && session_->confirmed(); }
    /// None unless it can.
    std::optional<Bytes> say(ByteView content);

private:
    ratchet::Context context() const;
    Heard begin();
    Heard on_init(ByteView body);
    Heard on_answer(ByteView body);
    Heard on_message(ByteView body, Time now);

    Random& random_;
    identity::Place place_;
    identity::Identity identity_;
    Bytes card_;
    Bytes sealed_card_;
    std::optional<identity::Card> them_;
    Bytes their_card_;
    std::optional<ratchet::Initiator> initiator_;
    std::optional<ratchet::Session> session_;
};

}  // namespace parley::hostile
