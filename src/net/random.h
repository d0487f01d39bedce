// The kernel's randomness, for a relay, which links no cryptography.
#pragma once

#include "base/random.h"

namespace parley::net {

class KernelRandom final : public Random {
public:
    void fill(MutableBytes out) override;
};

}  // namespace parley::net
