// Messages that come again: each second one at once, or all that a client ever got, to it and to everybody else.
#pragma once

#include <deque>
#include <map>

#include "hostile/picked.h"

namespace parley::hostile {

class Replay final : public PickedAttack {
public:
    explicit Replay(std::uint64_t seed)
        : PickedAttack("replay", "given twice", Picker(seed, 2, Picker::Repetitions::pass)) {}

protected:
    std::vector<Passing> strike(Passing frame, Time) override { return repeat(std::move(frame)); }
};

/// After one message of four, the last ones that this client got are given once more, to it and to every other client,
/// whatever room it is in.
class ReplayRoom final : public PickedAttack {
public:
    static constexpr std::size_t recorded = 16;

    explicit ReplayRoom(std::uint64_t seed)
        : PickedAttack("replay-room", "followed by all that came before it, for everybody",
                       Picker(seed, 4, Picker::Repetitions::pass)) {}

protected:
    void watch(const Passing& frame) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    struct Reader {
        std::uint64_t last_seq = 0;  ///< no relay may be told of a later one
        std::deque<Passing> record;
    };
    std::map<std::size_t, Reader> readers_;
};

}  // namespace parley::hostile
