#include "client/file_progress.h"

#include "client/file_limits.h"

namespace parley::client {
namespace {

/// Long enough to even out bursts, short enough to follow a change.
constexpr Duration measured_over = 1s;

using Seconds = std::chrono::duration<double>;

}  // namespace

bool FileMeter::update(std::uint64_t done, Time now) {
    const bool more = done != done_;
    done_ = done;
    measure(now);
    const bool due = !shown_at_ || now >= *shown_at_ + progress_interval || done_ == size_;
    if (!more || !due) return false;
    shown_at_ = now;
    return true;
}

void FileMeter::measure(Time now) {
    if (!measured_at_) {
        measured_at_ = now;
        measured_done_ = done_;
        return;
    }
    const auto elapsed = Seconds(now - *measured_at_).count();
    if (elapsed < Seconds(measured_over).count() && rate_ != 0) return;
    if (elapsed < Seconds(progress_interval).count()) return;
    const auto moved = done_ >= measured_done_ ? done_ - measured_done_ : 0;
    rate_ = static_cast<std::uint64_t>(static_cast<double>(moved) / elapsed);
    measured_at_ = now;
    measured_done_ = done_;
}

std::optional<std::chrono::seconds> FileMeter::left() const {
    if (rate_ == 0 || done_ > size_) return std::nullopt;
    return std::chrono::seconds((size_ - done_ + rate_ - 1) / rate_);
}

}  // namespace parley::client
