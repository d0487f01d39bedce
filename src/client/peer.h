// One person with a proven identity: the session, what goes out, what came in, what is waited for.
#pragma once

#include <map>

#include "client/delivery.h"
#include "client/handshake.h"

namespace parley::client {

/// Asked inside the session whether somebody still has it, since a Hello says no.
struct Question {
    Time asked_at;
    bool answered = false;  ///< something was opened since
};

struct Peer {
    Peer(identity::PublicIdentity who, Person how, ratchet::Session proven)
        : identity(std::move(who)), person(std::move(how)), session(std::move(proven)) {}

    identity::PublicIdentity identity;
    Person person;
    ratchet::Session session;

    /// PROTOCOL 3.9: confirmed beside a session that was in use. Nothing is sealed until a person accepts.
    std::optional<ratchet::Session> replacement;
    std::vector<Bytes> for_replacement;  ///< bodies that only the replacement may open
    /// Its state is older than ours, and a person accepted that: the next session takes the place of this one.
    bool renews = false;

    /// Where this identity was last proven, and whether the relay shows that seat in this epoch.
    std::optional<SeatId> seat;
    bool reachable = false;
    std::optional<Time> absent_since;  ///< since the relay was reborn without it
    Time both_here_since;              ///< from then on an acknowledgement may be expected
    Time repeats_until{};              ///< it came back, and posts again what nobody has acknowledged to it

    /// The initiator's first message, posted again until anything comes back.
    SealedBody confirmation;

    std::uint32_t chain = 0;  ///< how many were begun in the session: the one we send in
    /// PROTOCOL 3.8: keys of our chain below this number are used up as far as the saved state knows.
    std::uint32_t first_unsaved_key = 0;
    std::uint32_t keys_reserved = 0;  ///< by each save, since a signal needed one
    std::size_t unsaved_signals = 0;  ///< opened since the last save

    Outgoing outgoing;
    Incoming incoming;
    std::map<std::uint64_t, Bytes> held;  ///< contents behind a hole, by number
    std::uint64_t shown_through = 0;
    std::optional<Time> hole_since;
    std::optional<Time> ack_due;
    std::optional<Question> question;
    bool ask_again = false;  ///< the next acknowledgement asks for what is not told in it

    std::uint64_t read_told = 0;       ///< the last number whose reading was told to this person
    Time typing_told{};                ///< to this person
    std::optional<Time> typing_until;  ///< this person types, as far as was told

    bool stall_named = false;          ///< the alarm for missing acknowledgements was given
    std::optional<RosterHash> roster;  ///< that its last content was sent to
    std::optional<Time> roster_differs_since;
    bool roster_named = false;

    /// One of those whom a line is meant for.
    bool belongs() const { return person.presence != Presence::gone && person.trust != Trust::blocked; }
    bool may_be_written_to() const {
        const bool trusted = person.trust != Trust::restarted && person.trust != Trust::blocked;
        return reachable && !replacement && !renews && trusted && session.confirmed();
    }
    /// A message that is sealed now needs no save before it is sent.
    bool has_reserved_key() const {
        const auto next = session.next_in_chain();
        return next && *next < first_unsaved_key;
    }
    void due_for_ack(Time when) { ack_due = ack_due ? std::min(*ack_due, when) : when; }
};

}  // namespace parley::client
