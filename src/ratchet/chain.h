// The symmetric chain: one key per message, and no way back.
#pragma once

#include <vector>

#include "ratchet/keys.h"

namespace parley::ratchet {

/// One step of a chain: the key of this message, and the chain key of the next.
struct ChainStep {
    MessageKey message_key;
    ChainKey next;
};

/// A chain and the number of the message whose key comes next.
struct Chain {
    ChainKey key;
    std::uint32_t n = 0;

    Chain duplicate() const { return {key.duplicate(), n}; }
};

/// Takes the key of message n and moves on.
template <class Policy>
MessageKey take_key(Chain& chain) {
    auto step = Policy::advance(chain.key);
    chain.key = std::move(step.next);
    ++chain.n;
    return std::move(step.message_key);
}

/// Keys of consecutive messages that have not come.
struct SkippedRun {
    std::uint32_t first = 0;
    std::vector<MessageKey> keys;
};

/// Moves the chain to message `n`, keeping the keys in between. The caller has bounded the distance.
template <class Policy>
SkippedRun skip_to(Chain& chain, std::uint32_t n) {
    SkippedRun run{.first = chain.n, .keys = {}};
    if (n > chain.n) run.keys.reserve(n - chain.n);
    while (chain.n < n) run.keys.push_back(take_key<Policy>(chain));
    return run;
}

}  // namespace parley::ratchet
