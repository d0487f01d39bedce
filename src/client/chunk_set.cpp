#include "client/chunk_set.h"

#include <algorithm>
#include <iterator>

namespace parley::client {

/// The range that holds the index, or the end.
ChunkSet::Ranges::const_iterator ChunkSet::range_at(std::uint64_t index) const {
    const auto after = ranges_.upper_bound(index);
    if (after == ranges_.begin()) return ranges_.end();
    const auto found = std::prev(after);
    return found->second >= index ? found : ranges_.end();
}

bool ChunkSet::add(ChunkRange range) {
    auto it = ranges_.upper_bound(range.first);
    if (it != ranges_.begin()) {
        const auto before = std::prev(it);
        if (before->second >= range.last) return false;
        if (before->second + 1 >= range.first) it = before;
    }
    while (it != ranges_.end() && it->first <= range.last + 1) {
        range.first = std::min(range.first, it->first);
        range.last = std::max(range.last, it->second);
        size_ -= it->second - it->first + 1;
        it = ranges_.erase(it);
    }
    ranges_.emplace_hint(it, range.first, range.last);
    size_ += range.last - range.first + 1;
    return true;
}

bool ChunkSet::contains(std::uint64_t index) const { return range_at(index) != ranges_.end(); }

std::uint64_t ChunkSet::through() const { return next_missing(0); }

std::uint64_t ChunkSet::next_missing(std::uint64_t index) const {
    const auto found = range_at(index);
    return found == ranges_.end() ? index : found->second + 1;
}

std::vector<ChunkRange> ChunkSet::ranges() const {
    std::vector<ChunkRange> all;
    for (const auto& [first, last] : ranges_) all.push_back({first, last});
    return all;
}

std::vector<ChunkRange> ChunkSet::beyond(std::size_t limit) const {
    std::vector<ChunkRange> told;
    auto it = ranges_.upper_bound(0);
    if (it == ranges_.end()) return told;
    for (; it != ranges_.end() && told.size() + 1 < limit; ++it) told.push_back({it->first, it->second});
    if (it != ranges_.end()) told.push_back({ranges_.rbegin()->first, ranges_.rbegin()->second});
    return told;
}

}  // namespace parley::client
