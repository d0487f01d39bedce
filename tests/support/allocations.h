// Counts what a program takes from the heap. Link allocations.cpp into it: it replaces operator new.
#pragma once

#include <cstddef>

namespace parley::testing {

/// So far, in this program.
std::size_t allocations();

}  // namespace parley::testing
