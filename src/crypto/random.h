// The system's randomness, through OpenSSL's generator (it reseeds after a fork).
#pragma once

#include "base/random.h"

namespace parley::crypto {

class SystemRandom final : public Random {
public:
    void fill(MutableBytes out) override;
};

}  // namespace parley::crypto
