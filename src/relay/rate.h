// Rates: so many a second, after so many at once.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/time.h"

namespace parley::relay {

struct Rate {
    std::size_t per_second;  ///< at least 1
    std::size_t burst;

    Duration time_for(std::size_t count) const {
        const auto rest = (count % per_second) * 1'000'000'000U / per_second;
        return std::chrono::seconds(count / per_second) + Duration(static_cast<Duration::rep>(rest));
    }
};

/// How far a rate is used up, as one instant: until then everything taken so far is paid for by time
/// that passes (the generic cell rate algorithm). Whole numbers, so that a limit is exact.
class Meter {
public:
    /// Takes one, if there is one.
    bool take(const Rate& rate, Time now) {
        if (wait(rate, 1, now) > Duration::zero()) return false;
        spend(rate, 1, now);
        return true;
    }
    /// Takes what has already happened, into debt where it must.
    void spend(const Rate& rate, std::size_t count, Time now) {
        paid_at_ = std::max(paid_at_, now) + rate.time_for(count);
    }
    /// Until so many more are allowed.
    Duration wait(const Rate& rate, std::size_t count, Time now) const {
        const auto debt = std::max(paid_at_ - now, Duration::zero());
        return std::max(debt + rate.time_for(count) - rate.time_for(rate.burst), Duration::zero());
    }
    bool unused(Time now) const { return paid_at_ <= now; }

private:
    Time paid_at_{};
};

}  // namespace parley::relay
