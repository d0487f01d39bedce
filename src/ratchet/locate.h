// Which chain a body belongs to: found by trying header keys, since nothing outside says it.
#pragma once

#include "ratchet/state.h"

namespace parley::ratchet {

struct InCurrentChain {};
struct InNextChain {};
struct InFormerChain {
    std::size_t index;
};
using Place = std::variant<InCurrentChain, InNextChain, InFormerChain>;

template <class Policy>
struct Located {
    typename Policy::Header header;
    Place place;
};

/// The keys that would follow the peer's next step; none while that step is ours.
template <class Policy>
struct Following {
    const typename Policy::OwnKeys& ours;
    const typename Policy::RatchetKey& their_last;
};

template <class Policy>
std::optional<Following<Policy>> following(const Turn<Policy>& turn) {
    if (const auto* a = std::get_if<Awaiting<Policy>>(&turn)) return Following<Policy>{a->ours, a->their_last};
    if (const auto* s = std::get_if<Sending<Policy>>(&turn)) return Following<Policy>{s->ours, s->their_last};
    return std::nullopt;
}

// PROTOCOL 3.3: HKr, NHKr, then the few that are left of former chains, the youngest first.
template <class Policy>
std::optional<Located<Policy>> locate_by_trial(const State<Policy>& state, const typename Policy::Sealed& sealed) {
    const auto opened_by = [&](const auto& keys) { return Policy::open_header(keys, state.transcript, sealed); };
    if (state.receiving) {
        if (auto header = opened_by(state.receiving->peer.header_keys))
            return Located<Policy>{*header, InCurrentChain{}};
    }
    if (following<Policy>(state.turn)) {
        if (auto header = opened_by(state.next_receiving)) return Located<Policy>{*header, InNextChain{}};
    }
    for (auto i = state.former.size(); i-- > 0;) {
        if (auto header = opened_by(state.former[i].peer.header_keys))
            return Located<Policy>{*header, InFormerChain{i}};
    }
    return std::nullopt;
}

/// Headers in clear name their chain by what they announce.
template <class Policy>
Located<Policy> locate_by_announcement(const State<Policy>& state, const typename Policy::Sealed& sealed) {
    const auto& header = sealed.header;
    if (state.receiving && state.receiving->peer.announcement == header.announcement) return {header, InCurrentChain{}};
    for (std::size_t i = 0; i < state.former.size(); ++i) {
        if (state.former[i].peer.announcement == header.announcement) return {header, InFormerChain{i}};
    }
    return {header, InNextChain{}};
}

template <class Policy>
std::optional<Located<Policy>> locate(const State<Policy>& state, const typename Policy::Sealed& sealed) {
    if constexpr (Policy::encrypts_headers) {
        return locate_by_trial<Policy>(state, sealed);
    } else {
        return locate_by_announcement<Policy>(state, sealed);
    }
}

}  // namespace parley::ratchet
