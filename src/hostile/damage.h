// Messages that come changed: a bit, or an end that is missing. Their repetitions pass.
#pragma once

#include "hostile/attack.h"
#include "hostile/picker.h"

namespace parley::hostile {

/// One bit behind the first byte of the body: the seal has to notice it.
class Flip final : public OneAttack {
public:
    explicit Flip(std::uint64_t seed)
        : OneAttack("flip", "one bit of it was flipped"), seed_(seed), picker_(seed, 3, Picker::Repetitions::pass) {}

protected:
    bool aims_at(const Passing& frame, Time) override { return picker_.picks(frame); }
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    Picker picker_;
};

/// The end of a body is missing, and every second time so much that what is left is no frame.
class Truncate final : public OneAttack {
public:
    explicit Truncate(std::uint64_t seed)
        : OneAttack("truncate", "its end was cut off"), seed_(seed), picker_(seed, 3, Picker::Repetitions::pass) {}

protected:
    bool aims_at(const Passing& frame, Time) override { return picker_.picks(frame); }
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    Picker picker_;
};

}  // namespace parley::hostile
