// Numbers from the first to the last, both included.
#pragma once

#include <cstdint>

namespace parley::relay {

struct Range {
    std::uint64_t first;
    std::uint64_t last;
};

}  // namespace parley::relay
