// Numbers from the first to the last, both included.
#pragma once

#include <cstdint>

namespace parley::relay {

struct Range {
    std::uint64_t first;
    std::uint64_t last;

    bool contains(std::uint64_t number) const { return first <= number && number <= last; }
};

}  // namespace parley::relay
