// Time as the cores see it: passed in, monotonic, and virtual in tests.
#pragma once

#include <chrono>

namespace parley {

using Duration = std::chrono::nanoseconds;

/// Names the time line; it has no now(), because a core never asks.
struct MonotonicTimeline {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicTimeline>;
    static constexpr bool is_steady = true;
};

using Time = MonotonicTimeline::time_point;

}  // namespace parley
