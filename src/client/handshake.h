// One seat on its way from a card to a proven identity (PROTOCOL 3.1, 3.2). Pure: bodies and time
// go in, bodies to post come out.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "client/contacts.h"
#include "client/event.h"
#include "client/posts.h"
#include "crypto/hash.h"
#include "identity/card.h"
#include "ratchet/handshake.h"

namespace parley::client {

/// A card that opened, and its plaintext for the transcript.
struct Introduction {
    identity::Card card;
    Bytes plaintext;
    IdentityId id;
};

/// How somebody looks who has shown a card and is not verified.
Person introduced(const identity::Card& card);

/// Our side of every handshake in the room.
struct Self {
    const RoomId& room;
    const identity::Identity& identity;
    const Bytes& card;  ///< plaintext of the current one
    const Time& card_changed_at;
    Random& random;
};

struct HandshakeAlarm {
    AlarmKind kind;
    std::string_view what;
};

/// What one event in a handshake leads to.
struct HandshakeStep {
    std::vector<SealedBody> post;
    std::optional<ratchet::Finished> finished;  ///< as the initiator
    std::optional<HandshakeAlarm> alarm;
};

class Handshake {
public:
    Handshake(const Self& self, const Introduction& them, Time now);

    /// The initiator begins at once; the responder waits for an Init, then asks for one.
    HandshakeStep begin(Time now);
    HandshakeStep on_init(ByteView body, Time now);
    HandshakeStep on_answer(ByteView body, Time now);
    HandshakeStep on_hello(Time now);
    /// The other side confirms a session that we no longer have: our state was restored in between.
    HandshakeStep on_foreign_confirmation(Time now);
    HandshakeStep on_time(Time now);
    std::optional<Time> next_deadline() const;

    // The seat lost its connection: what was begun may still be finished, and nothing is sent again.
    void on_time_away(Time now);
    std::optional<Time> next_deadline_away() const;

    /// The responder's session that waits for the initiator's confirmation; nullptr where none does.
    ratchet::Session* pending();
    /// The confirmation was opened: the pending session goes to whoever keeps sessions.
    ratchet::Session take_pending();

    /// Whether a Hello says anything to us.
    bool we_initiate() const { return we_initiate_; }
    /// We wait for an answer to our Init.
    bool has_initiated() const { return std::holds_alternative<Initiated>(state_); }
    /// Proven, or blocked: nothing is sent again on our own account.
    void rest() { state_ = Resting{}; }
    bool resting() const { return std::holds_alternative<Resting>(state_); }

private:
    struct Resting {};
    /// Responder without an Init.
    struct Waiting {
        Time hello_at;
        Duration pause;
    };
    struct Initiated {
        ratchet::Initiator initiator;
        SealedBody init;
        Time started;
        Time repeat_at;
        Duration pause;
    };
    struct Responded {
        crypto::Digest256 init;
        SealedBody answer;
        ratchet::Session session;
        Time started;
        Time repeat_at;
        Duration pause;
        bool at_rest;  ///< nothing was owed before it: an Init that a relay kept may come again at any time
    };

    ratchet::Context context() const;
    HandshakeStep initiate(Time now);
    HandshakeStep repeat(Initiated& state, Time now);
    HandshakeStep repeat(Responded& state, Time now);
    HandshakeStep say_hello(Waiting& state, Time now);
    bool misses_nothing() const;
    void end(const Responded& unconfirmed, Time now);
    std::optional<HandshakeAlarm> patience_over(Time now);

    const Self& self_;
    const Introduction& them_;
    bool we_initiate_;
    bool named_ = false;  ///< the alarm for a silent seat was given
    Time since_;
    std::variant<Resting, Waiting, Initiated, Responded> state_;
};

}  // namespace parley::client
