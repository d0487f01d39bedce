// Message ids that were answered Full. Ids rise, so later ones may be accepted; a client that lost
// the Full with its connection posts the refused one again, and must not hear that it was accepted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "relay/range.h"

namespace parley::relay {

class RefusedIds {
public:
    void add(std::uint64_t id) {
        if (!ranges_.empty() && !closed_) {
            ranges_.back().last = std::max(ranges_.back().last, id);
            return;
        }
        // Merging claims that what lies between was refused too: at worst it is posted twice,
        // which its readers can tell. Forgetting would lose it.
        if (ranges_.size() == most_ranges) {
            ranges_[1].first = ranges_[0].first;
            ranges_.erase(ranges_.begin());
        }
        ranges_.push_back({id, id});
        closed_ = false;
    }
    /// Ids from this one on are no matter of the past.
    void on_accepted(std::uint64_t id) {
        while (!ranges_.empty() && ranges_.back().first >= id) ranges_.pop_back();
        if (!ranges_.empty()) ranges_.back().last = std::min(ranges_.back().last, id - 1);
        closed_ = true;
    }
    bool contains(std::uint64_t id) const {
        return std::ranges::any_of(ranges_, [&](const Range& range) { return range.first <= id && id <= range.last; });
    }

private:
    /// Times that a seat met a full room and found room again: 1 KiB, paid by the seat's charge.
    static constexpr std::size_t most_ranges = 64;

    std::vector<Range> ranges_;  ///< rising, without overlap
    bool closed_ = true;         ///< an accepted id followed the last range
};

}  // namespace parley::relay
