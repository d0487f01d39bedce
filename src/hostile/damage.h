// Messages that come changed: a bit, or an end that is missing. Their repetitions pass.
#pragma once

#include "hostile/picked.h"

namespace parley::hostile {

/// One bit behind the first byte of the body: the seal has to notice it.
class Flip final : public PickedAttack {
public:
    explicit Flip(std::uint64_t seed)
        : PickedAttack("flip", "one bit of it was flipped", Picker(seed, 3, Picker::Repetitions::pass)), seed_(seed) {}

protected:
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

/// The end of a body is missing, and every second time so much that what is left is no frame.
class Truncate final : public PickedAttack {
public:
    explicit Truncate(std::uint64_t seed)
        : PickedAttack("truncate", "its end was cut off", Picker(seed, 3, Picker::Repetitions::pass)), seed_(seed) {}

protected:
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

}  // namespace parley::hostile
