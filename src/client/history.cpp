#include "client/history.h"

#include "client/limits.h"

namespace parley::client {

void Chain::begin(const Head& head) {
    first_ = head.k + 1;
    highest_ = head.k;
    head_ = head;
    previous_.emplace(first_, head.hash);  // known, but not seen
}

void Chain::pass_over(const Head& head) {
    if (head.k <= head_.k) return;
    // Of a content that did not come one thing is remembered at most: what came before the next one after the head.
    if (!hashes_.contains(head_.k + 1)) previous_.erase(head_.k + 1);
    highest_ = std::max(highest_, head.k);
    head_ = head;
    previous_.emplace(head.k + 1, head.hash);
    move_head();
}

Chain::Verdict Chain::add(const Content& content, const ContentHash& hash) {
    if (contradicts(content, hash)) return Verdict::fork;
    if (hashes_.contains(content.k)) return Verdict::repeated;
    if (forgotten(content.k)) return Verdict::repeated;
    if (!begun()) begin({content.k - 1, content.previous});

    const auto verdict = content.k < highest_        ? Verdict::filled
                         : content.k == highest_ + 1 ? Verdict::next
                                                     : Verdict::after_gap;
    first_ = std::min(first_, content.k);
    highest_ = std::max(highest_, content.k);
    previous_.emplace(content.k, content.previous);
    remember(content.k, hash);
    move_head();
    return verdict;
}

/// Older than all that is remembered: it was seen.
bool Chain::forgotten(std::uint64_t k) const { return hashes_.size() == max_remembered && k < hashes_.begin()->first; }

bool Chain::contradicts(const Content& content, const ContentHash& hash) const {
    const auto same = hashes_.find(content.k);
    if (same != hashes_.end()) return same->second != hash;
    const auto before = hashes_.find(content.k - 1);
    if (before != hashes_.end() && before->second != content.previous) return true;
    const auto after = previous_.find(content.k + 1);
    return after != previous_.end() && after->second != hash;
}

void Chain::remember(std::uint64_t k, const ContentHash& hash) {
    hashes_.emplace(k, hash);
    while (hashes_.size() > max_remembered) {
        previous_.erase(hashes_.begin()->first);
        hashes_.erase(hashes_.begin());
    }
}

void Chain::move_head() {
    for (auto next = hashes_.find(head_.k + 1); next != hashes_.end() && next->first == head_.k + 1; ++next) {
        head_ = {next->first, next->second};
    }
}

std::uint64_t Chain::missing() const {
    if (highest_ <= head_.k) return 0;
    const auto seen = std::distance(hashes_.upper_bound(head_.k), hashes_.end());
    return highest_ - head_.k - static_cast<std::uint64_t>(seen);
}

Chain::Claim Chain::compare(const Head& theirs) const {
    if (!begun() || theirs.k + 1 < first_) return Claim::unknown;
    const auto ours = hashes_.find(theirs.k);
    if (ours != hashes_.end()) return ours->second == theirs.hash ? Claim::agrees : Claim::fork;
    const auto after = previous_.find(theirs.k + 1);
    if (after != previous_.end()) return after->second == theirs.hash ? Claim::agrees : Claim::fork;
    return theirs.k > head_.k ? Claim::ahead : Claim::unknown;
}

}  // namespace parley::client
