#include "base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace parley {

void stop_process(std::string_view broken_promise) {
    std::fprintf(stderr, "parley: internal error: %.*s\n", static_cast<int>(broken_promise.size()),
                 broken_promise.data());
    std::abort();
}

}  // namespace parley
