// Keys of messages that have not come, and the headers of those that have (PROTOCOL 3.7, 3.9).
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "ratchet/chain.h"
#include "ratchet/limits.h"

namespace parley::ratchet {

/// The n-th message of the peer's k-th chain. Later ones compare greater.
struct MessageId {
    std::uint32_t chain;
    std::uint32_t n;

    friend auto operator<=>(const MessageId&, const MessageId&) = default;
};

/// The skipped-key store. Keys are stored in the order of their ids, so the least id is the oldest.
class SkippedKeys {
public:
    struct Stored {
        MessageKey key;
        Time since;
    };

    void add(std::uint32_t chain, SkippedRun&& run, Time now) {
        auto n = run.first;
        for (auto& key : run.keys) insert({chain, n++}, {std::move(key), now});
        while (keys_.size() > max_stored_keys) keys_.erase(keys_.begin());
    }
    void insert(MessageId id, Stored stored) { keys_.insert_or_assign(keys_.end(), id, std::move(stored)); }

    const MessageKey* find(MessageId id, Time now) const {
        const auto found = keys_.find(id);
        return found == keys_.end() || is_old(found->second, now) ? nullptr : &found->second.key;
    }
    void erase(MessageId id) { keys_.erase(id); }
    void erase_chains_below(std::uint32_t chain) { keys_.erase(keys_.begin(), keys_.lower_bound({chain, 0})); }
    void erase_old(Time now) {
        while (!keys_.empty() && is_old(keys_.begin()->second, now)) keys_.erase(keys_.begin());
    }

    /// When the last one was stored.
    Time newest() const {
        Time newest{};
        for (const auto& [id, stored] : keys_) newest = std::max(newest, stored.since);
        return newest;
    }

    const std::map<MessageId, Stored>& all() const { return keys_; }

private:
    static bool is_old(const Stored& stored, Time now) { return now - stored.since > stored_key_life; }

    std::map<MessageId, Stored> keys_;
};

/// The last headers that were opened.
class SeenHeaders {
public:
    using Hash = FixedBytes<16>;
    struct Seen {
        MessageId id;
        Hash hash;
    };

    void add(const Seen& seen) {
        if (seen_.size() == max_seen_headers) seen_.pop_front();
        seen_.push_back(seen);
    }
    std::optional<Hash> find(MessageId id) const {
        const auto found = std::ranges::find(seen_, id, &Seen::id);
        return found == seen_.end() ? std::nullopt : std::optional(found->hash);
    }

    const std::deque<Seen>& all() const { return seen_; }

private:
    std::deque<Seen> seen_;
};

}  // namespace parley::ratchet
