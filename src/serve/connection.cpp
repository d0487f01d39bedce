#include "serve/connection.h"

namespace parley::serve {
namespace {

constexpr std::size_t worth_moving = 64;
constexpr std::size_t buffers_per_write = 128;  // of the 1,024 that Linux takes at once

}  // namespace

std::size_t Connection::gather(std::span<boost::asio::const_buffer> buffers) const {
    std::size_t count = 0;
    auto skip = written_of_first_;
    const auto add = [&](ByteView piece) {
        const auto cut = std::min(skip, piece.size());
        skip -= cut;
        if (piece.size() > cut) buffers[count++] = boost::asio::buffer(piece.data() + cut, piece.size() - cut);
    };
    for (const auto& waiting : std::span(queue_).subspan(first_)) {
        if (count + 2 > buffers.size()) break;
        add(waiting.head_view());
        add(waiting.body_view());
    }
    return count;
}

void Connection::drop_written(std::size_t bytes) {
    bytes += written_of_first_;
    for (; first_ < queue_.size() && bytes >= queue_[first_].size(); ++first_) {
        bytes -= queue_[first_].size();
        queue_[first_].body = {};
    }
    if (first_ == queue_.size()) abandon();
    else if (first_ > worth_moving && first_ > queue_.size() / 2) move_up();
    written_of_first_ = bytes;
}

/// One that is never empty would grow for ever.
void Connection::move_up() {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::exchange(first_, 0)));
}

Result<std::size_t> Connection::flush() {
    std::size_t total = 0;
    while (!queue_.empty()) {
        std::array<boost::asio::const_buffer, buffers_per_write> buffers;
        const auto count = gather(buffers);
        const auto written = transport_->write_some(std::span(buffers).first(count));
        if (!written) return std::unexpected(written.error());
        if (*written == 0) break;
        total += *written;
        drop_written(*written);
    }
    return total;
}

}  // namespace parley::serve
