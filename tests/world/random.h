// The randomness of tests, which can be repeated.
#pragma once

#include "hostile/seeded_random.h"

namespace parley::test {

using hostile::SeededRandom;

}  // namespace parley::test
