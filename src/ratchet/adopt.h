// Makes a plan true. The private keys that followed the peer's step are wiped here.
#pragma once

#include "ratchet/plan.h"

namespace parley::ratchet {

template <class Policy>
Answering<Policy> answer_to(Turn<Policy>&& turn, typename Policy::TheirKeys&& theirs) {
    if (auto* sending = std::get_if<Sending<Policy>>(&turn)) {
        return {std::move(theirs), std::move(sending->next_sending), sending->chain.n};
    }
    return {std::move(theirs), std::move(std::get<Awaiting<Policy>>(turn).next_sending), 0};
}

template <class Policy>
void retire_current(State<Policy>& state, SkippedRun&& tail, Time now) {
    if (!state.receiving) return;
    const auto end = tail.first + static_cast<std::uint32_t>(tail.keys.size());
    state.skipped.add(state.receiving->peer.number, std::move(tail), now);
    state.former.push_back({std::move(state.receiving->peer), end});
    if (state.former.size() > max_stored_chains) state.former.pop_front();
    state.skipped.erase_chains_below(state.former.front().peer.number);
}

template <class Policy>
void adopt_change(State<Policy>& state, const MessageId& id, UseKept&&, Time) {
    state.skipped.erase(id);
}

template <class Policy>
void adopt_change(State<Policy>& state, const MessageId& id, Advance&& advance, Time now) {
    state.skipped.add(id.chain, std::move(advance.skipped), now);
    state.receiving->chain = std::move(advance.chain);
}

template <class Policy>
void adopt_change(State<Policy>& state, const MessageId& id, Follow<Policy>&& follow, Time now) {
    retire_current<Policy>(state, std::move(follow.tail), now);
    state.skipped.add(id.chain, std::move(follow.skipped), now);
    state.receiving = std::move(follow.receiving);
    state.root = std::move(follow.root);
    state.next_receiving = std::move(follow.next_receiving);
    state.turn = answer_to<Policy>(std::move(state.turn), std::move(follow.theirs));
}

template <class Policy>
void adopt(State<Policy>& state, Plan<Policy>&& plan, Time now) {
    std::visit([&](auto&& change) { adopt_change<Policy>(state, plan.seen.id, std::move(change), now); },
               std::move(plan.change));
    state.seen.add(plan.seen);
    state.skipped.erase_old(now);
}

}  // namespace parley::ratchet
