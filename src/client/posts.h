// Posts between "sent" and "accepted": what a resumed connection must send again under the same id.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/names.h"
#include "base/time.h"

namespace parley::client {

using PostId = std::uint64_t;
/// The sealed bytes of one body: kept once, posted as often as it takes.
using SealedBody = std::shared_ptr<const Bytes>;

struct PendingPost {
    PostId id;
    std::optional<SeatId> to;  ///< none: everyone
    SealedBody body;
};

/// Ids rise strictly for as long as the seat lives, so that the relay can tell a repetition.
class Posts {
public:
    PendingPost add(const std::optional<SeatId>& to, SealedBody body);

    /// The relay has everything up to `id`: these are accepted now.
    std::vector<PostId> accepted_up_to(PostId id);

    /// The relay had no room for it. It needs a new id when it is tried again, because later ones
    /// may have been accepted meanwhile.
    std::optional<PendingPost> refused(PostId id);

    /// In the order of their ids: after a resume in the same epoch they are sent again as they are.
    const std::deque<PendingPost>& in_flight() const { return in_flight_; }

    /// A relay that was reborn knows none of them.
    void forget_all() { in_flight_.clear(); }

    bool empty() const { return in_flight_.empty(); }

    PostId last() const { return last_; }
    /// What was in flight when the state was saved, in the order of the ids; later ones begin above `last`.
    void restore(PostId last, std::deque<PendingPost> in_flight) {
        last_ = last;
        in_flight_ = std::move(in_flight);
    }
    /// A state that is older than it knows must not use ids again: the relay would take them for repetitions.
    void begin_above(PostId id) { last_ = std::max(last_, id); }

private:
    PostId last_ = 0;
    std::deque<PendingPost> in_flight_;
};

}  // namespace parley::client
