// Memcheck as a judge of time: what is secret is marked as undefined, and it reports every branch and every address
// that depends on it.
#pragma once

#include <valgrind/memcheck.h>

#include "base/bytes.h"

namespace parley::test {

/// Done in place, to bytes that the compiler has to read again.
inline void poison(ByteView secret) { VALGRIND_MAKE_MEM_UNDEFINED(secret.data(), secret.size()); }

/// What everybody may know: the outcome of a comparison, not where it ended.
template <class Value>
Value published(Value value) {
    VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
    return value;
}

/// How often Memcheck complains while this runs.
template <class Work>
unsigned complaints(Work&& work) {
    const auto before = VALGRIND_COUNT_ERRORS;
    work();
    return VALGRIND_COUNT_ERRORS - before;
}

}  // namespace parley::test
