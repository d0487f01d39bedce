// What a session holds at any time. Whose turn it is to make new keys is a type.
#pragma once

#include <deque>
#include <optional>
#include <variant>

#include "ratchet/chain.h"
#include "ratchet/skipped.h"

namespace parley::ratchet {

/// The responder before its first message came: it has keys to follow a step with, and nothing to
/// seal with.
template <class Policy>
struct Awaiting {
    typename Policy::OwnKeys ours;
    typename Policy::HeaderKeys next_sending;  // NHKs
    typename Policy::RatchetKey their_last;
};

/// The peer made the last step: our next message begins with one of our own. The private keys that
/// followed the peer's step are gone already.
template <class Policy>
struct Answering {
    typename Policy::TheirKeys theirs;
    typename Policy::HeaderKeys sending;  // HKs
    std::uint32_t pn;
};

/// We made the last step, and send in its chain until the peer answers it.
template <class Policy>
struct Sending {
    typename Policy::OwnKeys ours;
    typename Policy::Announcement announcement;
    typename Policy::HeaderKeys sending;       // HKs
    typename Policy::HeaderKeys next_sending;  // NHKs
    Chain chain;                               // CKs, Ns
    std::uint32_t pn;
    typename Policy::RatchetKey their_last;
};

template <class Policy>
using Turn = std::variant<Awaiting<Policy>, Answering<Policy>, Sending<Policy>>;

/// A chain of the peer: which, how its headers open, and what each of them must repeat.
template <class Policy>
struct PeerChain {
    std::uint32_t number;
    typename Policy::HeaderKeys header_keys;
    typename Policy::Announcement announcement;
    std::uint32_t pn;
};

/// The peer's chain of now.
template <class Policy>
struct Receiving {
    PeerChain<Policy> peer;
    Chain chain;  // CKr, Nr
};

/// One that the peer has left after `end` messages.
template <class Policy>
struct Former {
    PeerChain<Policy> peer;
    std::uint32_t end;
};

template <class Policy>
struct State {
    TranscriptHash transcript;
    RootKey root;                                 // RK
    typename Policy::HeaderKeys next_receiving;   // NHKr
    Turn<Policy> turn;
    std::optional<Receiving<Policy>> receiving{};
    std::deque<Former<Policy>> former{};          // oldest first
    SkippedKeys skipped{};
    SeenHeaders seen{};
};

}  // namespace parley::ratchet
