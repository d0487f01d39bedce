// Lies about who is there: people who are present are shown as away or gone, and come back a little later.
#pragma once

#include <map>

#include "hostile/late.h"
#include "hostile/picked.h"

namespace parley::hostile {

/// After one message of three, its author is said to be away or gone, and to be back two seconds later.
class LieAboutPresence final : public PickedAttack {
public:
    static constexpr Duration lie_lasts = std::chrono::seconds(2);

    explicit LieAboutPresence(std::uint64_t seed)
        : PickedAttack("lie-about-presence", "followed by a lie: its author is away, or gone",
                       Picker(seed, 3, Picker::Repetitions::pass)),
          seed_(seed) {}

    std::vector<Passing> on_time(Time now) override { return waiting_.take_due(now); }
    std::optional<Time> next_deadline() const override { return waiting_.next(); }

protected:
    void watch(const Passing& frame) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    std::map<std::pair<std::size_t, SeatId>, Passing> seats_;  ///< as each client was shown them, with their cards
    Waiting waiting_;
};

}  // namespace parley::hostile
