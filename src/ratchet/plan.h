// What opening a message would change: worked out beside the state, which nothing touches until
// the content's tag has verified (STYLE 5).
#pragma once

#include "base/error.h"
#include "ratchet/locate.h"

namespace parley::ratchet {

/// A key that was kept is used up.
struct UseKept {};

/// The current chain moves on.
struct Advance {
    Chain chain;
    SkippedRun skipped;
};

/// The peer made a step: its former chain ends, a new one begins, and the next step is ours.
template <class Policy>
struct Follow {
    SkippedRun tail;  ///< of the chain that ends
    Receiving<Policy> receiving;
    SkippedRun skipped;
    RootKey root;
    typename Policy::HeaderKeys next_receiving;
    typename Policy::TheirKeys theirs;
};

template <class Policy>
struct Plan {
    MessageKey key;  ///< opens the content
    SeenHeaders::Seen seen;
    std::variant<UseKept, Advance, Follow<Policy>> change;
};

/// PROTOCOL 3.9: why there is no key for a message whose number has gone by.
inline Error gone_by(const SeenHeaders& seen, const SeenHeaders::Seen& again) {
    const auto first = seen.find(again.id);
    if (!first) return {Errc::no_header_key, "its key is forgotten"};
    if (*first == again.hash) return {Errc::duplicate, "opened before"};
    return {Errc::rolled_back, "another message bore its number"};
}

inline Error rolled_back() { return {Errc::rolled_back, "it contradicts what its chain has said"}; }

template <class Policy>
Result<Plan<Policy>> plan_kept(const State<Policy>& state, const SeenHeaders::Seen& seen, Time now) {
    const auto* key = state.skipped.find(seen.id, now);
    if (key == nullptr) return std::unexpected(gone_by(state.seen, seen));
    return Plan<Policy>{key->duplicate(), seen, UseKept{}};
}

template <class Policy>
bool repeats(const typename Policy::Header& header, const PeerChain<Policy>& peer) {
    return header.pn == peer.pn && header.announcement == peer.announcement;
}

template <class Policy>
Result<Plan<Policy>> plan_current(const State<Policy>& state, const typename Policy::Header& header,
                                  const SeenHeaders::Hash& hash, Time now) {
    const auto& receiving = *state.receiving;
    if (!repeats<Policy>(header, receiving.peer)) return std::unexpected(rolled_back());
    const SeenHeaders::Seen seen{{receiving.peer.number, header.n}, hash};
    if (header.n < receiving.chain.n) return plan_kept<Policy>(state, seen, now);
    // Before any key is derived, so that a claim costs nothing (PROTOCOL 3.7).
    if (header.n - receiving.chain.n > max_skip) return fail(Errc::too_many_skipped, "too far ahead in its chain");
    auto chain = receiving.chain.duplicate();
    auto skipped = skip_to<Policy>(chain, header.n);
    auto key = take_key<Policy>(chain);
    return Plan<Policy>{std::move(key), seen, Advance{std::move(chain), std::move(skipped)}};
}

template <class Policy>
Result<Plan<Policy>> plan_former(const State<Policy>& state, const Former<Policy>& former,
                                 const typename Policy::Header& header, const SeenHeaders::Hash& hash, Time now) {
    if (!repeats<Policy>(header, former.peer) || header.n >= former.end) return std::unexpected(rolled_back());
    return plan_kept<Policy>(state, {{former.peer.number, header.n}, hash}, now);
}

/// C03: a ratchet key serves once.
template <class Policy>
bool is_used(const State<Policy>& state, const typename Policy::RatchetKey& key,
             const typename Policy::RatchetKey& their_last) {
    const auto bears = [&](const auto& chain) { return Policy::ratchet_key(chain.peer.announcement) == key; };
    return key == their_last || (state.receiving && bears(*state.receiving)) ||
           std::ranges::any_of(state.former, bears);
}

/// Where the peer's current chain ended, by what the first header of the next one says. Refused before
/// any key is derived, so that a claim costs nothing (PROTOCOL 3.7).
template <class Policy>
Result<std::uint32_t> end_of_current(const State<Policy>& state, const typename Policy::Header& header) {
    const auto received = state.receiving ? state.receiving->chain.n : 0;
    const auto end = state.receiving ? Policy::chain_end(header, received) : 0;
    if (end < received) return std::unexpected(rolled_back());
    const auto skipped = std::uint64_t{end - received} + header.n;
    if (skipped > max_skip) return fail(Errc::too_many_skipped, "too far ahead in the next chain");
    return end;
}

/// The keys of the messages up to `end` that have not come of the chain that ends.
template <class Policy>
SkippedRun tail_of_current(const State<Policy>& state, std::uint32_t end) {
    if (!state.receiving) return {};
    auto chain = state.receiving->chain.duplicate();
    return skip_to<Policy>(chain, end);
}

/// What the peer's new public keys make of ours.
template <class Policy>
struct Followed {
    typename Policy::TheirKeys theirs;
    typename Policy::RootStep step;
};

template <class Policy>
Result<Followed<Policy>> follow_step(const State<Policy>& state, const typename Policy::Announcement& announcement) {
    const auto mine = following<Policy>(state.turn);
    if (!mine) return fail(Errc::no_header_key, "the next step is ours");
    if (is_used<Policy>(state, Policy::ratchet_key(announcement), mine->their_last)) {
        return fail(Errc::bad_key, "a ratchet key came twice");
    }
    auto theirs = Policy::parse(announcement);
    if (!theirs) return std::unexpected(theirs.error());
    const auto input = Policy::receive_half(mine->ours, *theirs, announcement);
    if (!input) return std::unexpected(input.error());
    return Followed<Policy>{std::move(*theirs), Policy::root_step(state.root, *input)};
}

// PROTOCOL 3.3, "Receive".
template <class Policy>
Result<Plan<Policy>> plan_next(const State<Policy>& state, const typename Policy::Header& header,
                               const SeenHeaders::Hash& hash) {
    const auto end = end_of_current<Policy>(state, header);
    if (!end) return std::unexpected(end.error());
    auto followed = follow_step<Policy>(state, header.announcement);
    if (!followed) return std::unexpected(followed.error());

    const auto number = state.receiving ? state.receiving->peer.number + 1 : 0;
    PeerChain<Policy> peer{number, state.next_receiving.duplicate(), header.announcement, header.pn};
    Chain chain{.key = std::move(followed->step.chain)};
    auto skipped = skip_to<Policy>(chain, header.n);
    auto key = take_key<Policy>(chain);
    return Plan<Policy>{std::move(key),
                        {{number, header.n}, hash},
                        Follow<Policy>{.tail = tail_of_current<Policy>(state, *end),
                                       .receiving = {std::move(peer), std::move(chain)},
                                       .skipped = std::move(skipped),
                                       .root = std::move(followed->step.root),
                                       .next_receiving = std::move(followed->step.next_header),
                                       .theirs = std::move(followed->theirs)}};
}

template <class Policy>
Result<Plan<Policy>> plan_for(const State<Policy>& state, const Located<Policy>& found, const SeenHeaders::Hash& hash,
                              Time now) {
    if (const auto* former = std::get_if<InFormerChain>(&found.place)) {
        return plan_former<Policy>(state, state.former[former->index], found.header, hash, now);
    }
    if (std::holds_alternative<InNextChain>(found.place)) return plan_next<Policy>(state, found.header, hash);
    return plan_current<Policy>(state, found.header, hash, now);
}

}  // namespace parley::ratchet
