// Message ids that were answered Full. Ids rise, so later ones may be accepted; a client that lost
// the Full with its connection posts the refused one again, and must not hear that it was accepted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "relay/range.h"

namespace parley::relay {

class RefusedIds {
public:
    /// Refusals without an accepted id among them are one range.
    void add(std::uint64_t id, std::optional<std::uint64_t> last_accepted) {
        const bool goes_on = !ranges_.empty() && (!last_accepted || ranges_.back().last > *last_accepted);
        if (!goes_on) return append({id, id});
        auto& range = ranges_.back();
        range = {std::min(range.first, id), std::max(range.last, id)};
    }
    /// It was tried again and is refused no more. Only the last range can hold it.
    void on_accepted(std::uint64_t id) {
        if (ranges_.empty() || !ranges_.back().contains(id)) return;
        const auto range = ranges_.back();
        ranges_.pop_back();
        if (range.first < id) append({range.first, id - 1});
        if (id < range.last) append({id + 1, range.last});
    }
    bool contains(std::uint64_t id) const {
        return std::ranges::any_of(ranges_, [&](const Range& range) { return range.contains(id); });
    }
    /// Above the first id and below the second one.
    bool any_between(std::uint64_t above, std::uint64_t below) const {
        return std::ranges::any_of(ranges_,
                                   [&](const Range& range) { return range.last > above && range.first < below; });
    }

private:
    void append(Range range) {
        // Merging claims that what lies between was refused too: at worst it is posted twice,
        // which its readers can tell. Forgetting would lose it.
        if (ranges_.size() == most_ranges) {
            ranges_[1].first = ranges_[0].first;
            ranges_.erase(ranges_.begin());
        }
        ranges_.push_back(range);
    }

    /// Times that a seat met a full room and found room again: 1 KiB, paid by the seat's charge.
    static constexpr std::size_t most_ranges = 64;

    std::vector<Range> ranges_;  ///< rising, without overlap
};

}  // namespace parley::relay
