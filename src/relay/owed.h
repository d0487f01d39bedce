// Whose posts are to be answered, and by when: everybody waits as long as the others, so who has waited longest is in
// front. Who is answered earlier leaves its place empty, so that nobody is looked for and nobody moves.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "relay/output.h"

namespace parley::relay {

class Owed {
public:
    /// Counts on for ever, and wraps: far fewer wait at a time.
    using Place = std::uint32_t;

    /// `by` never falls.
    Place add(ConnectionId who, Time by) {
        waiting_.push_back({by, who});
        return begin_ + static_cast<Place>(waiting_.size() - 1);
    }
    /// Whoever was added there has been answered, or has gone.
    void remove(Place place) {
        waiting_[place - begin_].who.reset();
        drop_answered();
    }
    /// The first one whose time has come; it stays until it is removed.
    std::optional<ConnectionId> due(Time now) const {
        const auto next_by = next();
        return next_by && *next_by <= now ? waiting_[first_].who : std::nullopt;
    }
    std::optional<Time> next() const {
        if (first_ == waiting_.size()) return std::nullopt;
        return waiting_[first_].by;
    }

private:
    struct Waiting {
        Time by;
        std::optional<ConnectionId> who;
    };
    static constexpr std::size_t worth_moving = 64;

    /// Whoever is in front waits.
    void drop_answered() {
        while (first_ < waiting_.size() && !waiting_[first_].who) ++first_;
        const bool all_answered = first_ == waiting_.size();
        if (!all_answered && (first_ < worth_moving || first_ < waiting_.size() / 2)) return;
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
        begin_ += static_cast<Place>(first_);
        first_ = 0;
    }

    std::vector<Waiting> waiting_;
    std::size_t first_ = 0;  ///< in front of it all are answered
    Place begin_ = 0;        ///< of the first that is still in memory
};

}  // namespace parley::relay
