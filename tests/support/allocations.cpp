#include "support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count = 0;

}  // namespace

namespace parley::testing {

std::size_t allocations() { return count; }

}  // namespace parley::testing

#if !defined(PARLEY_SANITIZED) && !defined(PARLEY_COVERAGE)
void* operator new(std::size_t size) {
    ++count;
    if (void* memory = std::malloc(size)) return memory;  // NOLINT
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }               // NOLINT
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }  // NOLINT
#endif
