// What a session holds at any time. Whose turn it is to make new keys is a type.
#pragma once

#include <deque>
#include <optional>
#include <variant>

#include "ratchet/chain.h"
#include "ratchet/skipped.h"

namespace parley::ratchet {

/// Everything hangs on the kinds of keys and headers only, so that policies that differ in nothing
/// but their functions share one state.
template <class Types>
struct States {
    /// The responder before its first message came: it has keys to follow a step with, and nothing
    /// to seal with.
    struct Awaiting {
        typename Types::OwnKeys ours;
        typename Types::HeaderKeys next_sending;  // NHKs
        typename Types::RatchetKey their_last;
    };

    /// The peer made the last step: our next message begins with one of our own. The private keys
    /// that followed the peer's step are gone already.
    struct Answering {
        typename Types::TheirKeys theirs;
        typename Types::HeaderKeys sending;  // HKs
        std::uint32_t pn;
    };

    /// We made the last step, and send in its chain until the peer answers it.
    struct Sending {
        typename Types::OwnKeys ours;
        typename Types::Announcement announcement;
        typename Types::HeaderKeys sending;       // HKs
        typename Types::HeaderKeys next_sending;  // NHKs
        Chain chain;                              // CKs, Ns
        std::uint32_t pn;
        typename Types::RatchetKey their_last;
    };

    using Turn = std::variant<Awaiting, Answering, Sending>;

    /// A chain of the peer: which, how its headers open, and what each of them must repeat.
    struct PeerChain {
        std::uint32_t number;
        typename Types::HeaderKeys header_keys;
        typename Types::Announcement announcement;
        std::uint32_t pn;
    };

    /// The peer's chain of now.
    struct Receiving {
        PeerChain peer;
        Chain chain;  // CKr, Nr
    };

    /// One that the peer has left after `end` messages.
    struct Former {
        PeerChain peer;
        std::uint32_t end;
    };

    struct State {
        TranscriptHash transcript;
        RootKey root;                               // RK
        typename Types::HeaderKeys next_receiving;  // NHKr
        Turn turn;
        std::optional<Receiving> receiving{};
        std::deque<Former> former{};  // oldest first
        SkippedKeys skipped{};
        SeenHeaders seen{};
    };
};

template <class Policy>
using Awaiting = typename States<typename Policy::Types>::Awaiting;
template <class Policy>
using Answering = typename States<typename Policy::Types>::Answering;
template <class Policy>
using Sending = typename States<typename Policy::Types>::Sending;
template <class Policy>
using Turn = typename States<typename Policy::Types>::Turn;
template <class Policy>
using PeerChain = typename States<typename Policy::Types>::PeerChain;
template <class Policy>
using Receiving = typename States<typename Policy::Types>::Receiving;
template <class Policy>
using Former = typename States<typename Policy::Types>::Former;
template <class Policy>
using State = typename States<typename Policy::Types>::State;

}  // namespace parley::ratchet
