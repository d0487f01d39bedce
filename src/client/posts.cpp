#include "client/posts.h"

namespace parley::client {

PendingPost Posts::add(const std::optional<SeatId>& to, SealedBody body) {
    return in_flight_.emplace_back(PendingPost{++last_, to, std::move(body)});
}

std::vector<PostId> Posts::accepted_up_to(PostId id) {
    std::vector<PostId> accepted;
    while (!in_flight_.empty() && in_flight_.front().id <= id) {
        accepted.push_back(in_flight_.front().id);
        in_flight_.pop_front();
    }
    return accepted;
}

std::optional<PendingPost> Posts::refused(PostId id) {
    const auto found = std::ranges::lower_bound(in_flight_, id, {}, &PendingPost::id);
    if (found == in_flight_.end() || found->id != id) return std::nullopt;
    auto post = std::move(*found);
    in_flight_.erase(found);
    return post;
}

}  // namespace parley::client
