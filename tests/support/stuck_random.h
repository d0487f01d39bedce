// A random generator that is dead: the same byte for ever (ATTACKS 24).
#pragma once

#include "base/random.h"

namespace parley::test {

class StuckRandom final : public Random {
public:
    explicit StuckRandom(std::uint8_t byte = 0) : byte_(byte) {}

    void fill(MutableBytes out) override { std::ranges::fill(out, byte_); }

private:
    std::uint8_t byte_;
};

}  // namespace parley::test
