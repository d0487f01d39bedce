// Counts what a program takes from the heap. Link allocations.cpp into it: it replaces operator new.
#pragma once

#include <cstddef>

namespace parley::testing {

/// Sanitizers bring an operator new of their own, and what counts lines takes memory for itself: then nothing is
/// counted.
#if defined(PARLEY_SANITIZED) || defined(PARLEY_COVERAGE)
inline constexpr bool allocations_are_counted = false;
#else
inline constexpr bool allocations_are_counted = true;
#endif

/// So far, in this program.
std::size_t allocations();

}  // namespace parley::testing
