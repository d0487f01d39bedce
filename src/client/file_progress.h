// How far a file is and how fast it goes, said a few times a second at most.
#pragma once

#include <optional>

#include "client/event.h"

namespace parley::client {

class FileMeter {
public:
    explicit FileMeter(std::uint64_t size) : size_(size) {}

    /// True: it is time to show it. The end is always shown.
    bool update(std::uint64_t done, Time now);
    std::uint64_t done() const { return done_; }
    /// Bytes a second over the last seconds; 0: not known yet.
    std::uint64_t rate() const { return rate_; }
    std::optional<std::chrono::seconds> left() const;

private:
    void measure(Time now);

    std::uint64_t size_;
    std::uint64_t done_ = 0;
    std::uint64_t rate_ = 0;
    std::uint64_t measured_done_ = 0;
    std::optional<Time> measured_at_;
    std::optional<Time> shown_at_;
};

}  // namespace parley::client
