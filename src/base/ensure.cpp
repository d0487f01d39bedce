#include "base/ensure.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace parley {
namespace {

std::atomic<void (*)()> last_act = nullptr;

}  // namespace

void set_last_act(void (*act)()) { last_act = act; }

void stop_process(std::string_view broken_promise) {
    if (auto* const act = last_act.exchange(nullptr)) act();
    std::fprintf(stderr, "parley: internal error: %.*s\n", static_cast<int>(broken_promise.size()),
                 broken_promise.data());
    std::abort();
}

}  // namespace parley
