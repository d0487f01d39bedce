// The Double Ratchet over a policy (PROTOCOL 3.3 to 3.10): finds the chain of a message, plans what
// opening it would change, and adopts the plan only when every tag has verified.
#pragma once

#include "base/ensure.h"
#include "base/error.h"
#include "base/random.h"
#include "ratchet/adopt.h"

namespace parley::ratchet {

template <class Policy>
class DoubleRatchet {
public:
    explicit DoubleRatchet(State<Policy> state) : state_(std::move(state)) {}

    const State<Policy>& state() const { return state_; }
    bool can_seal() const { return !std::holds_alternative<Awaiting<Policy>>(state_.turn); }

    /// Errors: wrong_state, too_large, and window_full for 2^31 messages without an answer.
    Result<Bytes> seal(ByteView content, Random& random) {
        if (!can_seal()) return fail(Errc::wrong_state, "the peer has not confirmed yet");
        if (content.size() > Policy::max_content) return fail(Errc::too_large, "no body holds this content");
        auto& sending = our_chain(random);
        if (sending.chain.n == message_number_end) return fail(Errc::window_full, "the peer has to answer first");
        const typename Policy::Header header{sending.announcement, sending.pn, sending.chain.n, {}};
        const auto key = take_key<Policy>(sending.chain);
        return Policy::seal(sending.sending, header, key, state_.transcript, content, random);
    }

    Result<SecretBytes> open(ByteView body, Time now) {
        const auto sealed = Policy::take_apart(body);
        if (!sealed) return std::unexpected(sealed.error());
        const auto found = locate<Policy>(state_, *sealed);
        if (!found) return fail(Errc::no_header_key, "no header key of this session opens it");
        const auto hash = Policy::header_hash(*sealed);
        auto plan = plan_for<Policy>(state_, *found, hash, now);
        if (!plan) return std::unexpected(plan.error());
        auto content = Policy::open_content(plan->key, found->header, state_.transcript, *sealed);
        if (content) adopt<Policy>(state_, std::move(*plan), now);
        return content;
    }

    void forget_old_keys(Time now) { state_.skipped.erase_old(now); }

private:
    /// The chain to send in. A step of our own comes first when it is our turn.
    Sending<Policy>& our_chain(Random& random) {
        if (auto* answering = std::get_if<Answering<Policy>>(&state_.turn)) make_step(*answering, random);
        return std::get<Sending<Policy>>(state_.turn);
    }

    // PROTOCOL 3.3, "Send": new keys, one encapsulation for the whole chain.
    void make_step(Answering<Policy>& answering, Random& random) {
        auto half = Policy::send_half(answering.theirs, random);
        auto step = Policy::root_step(state_.root, half.input);
        Sending<Policy> sending{.ours = std::move(half.ours),
                                .announcement = half.announcement,
                                .sending = std::move(answering.sending),
                                .next_sending = std::move(step.next_header),
                                .chain = {.key = std::move(step.chain)},
                                .pn = answering.pn,
                                .their_last = Policy::ratchet_key(answering.theirs)};
        state_.root = std::move(step.root);
        state_.turn = std::move(sending);
    }

    State<Policy> state_;
};

}  // namespace parley::ratchet
