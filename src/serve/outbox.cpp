#include "serve/outbox.h"

#include <span>
#include <utility>

namespace parley::serve {
namespace {

constexpr std::size_t worth_moving = 64;
constexpr std::size_t most_spare = 1024;
constexpr std::size_t largest_spare = 64;  // frames that one has memory for

}  // namespace

void Outbox::gather(Buffers& buffers) const {
    auto skip = written_of_first_;
    const auto add = [&](ByteView piece) {
        const auto cut = std::min(skip, piece.size());
        skip -= cut;
        if (piece.size() > cut) buffers.emplace_back(piece.data() + cut, piece.size() - cut);
    };
    for (const auto& waiting : std::span(queue_).subspan(first_)) {
        if (buffers.size() + 2 > buffers.capacity()) break;
        add(waiting.head_view());
        add(waiting.body_view());
    }
}

void Outbox::drop_written(std::size_t bytes) {
    bytes += written_of_first_;
    for (; first_ < queue_.size() && bytes >= queue_[first_].size(); ++first_) {
        bytes -= queue_[first_].size();
        queue_[first_].body = {};
    }
    written_of_first_ = bytes;
    // One that is never empty would grow for ever.
    if (first_ <= worth_moving || first_ <= queue_.size() / 2) return;
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::exchange(first_, 0)));
}

OutboxPtr Outboxes::lend() {
    if (spare_.empty()) return std::make_unique<Outbox>();
    auto outbox = std::move(spare_.back());
    spare_.pop_back();
    return outbox;
}

void Outboxes::take_back(OutboxPtr outbox) {
    if (spare_.size() == most_spare || outbox->queue_.capacity() > largest_spare) return;
    outbox->queue_.clear();
    outbox->first_ = outbox->written_of_first_ = 0;
    spare_.push_back(std::move(outbox));
}

}  // namespace parley::serve
