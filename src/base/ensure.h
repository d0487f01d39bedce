// Our own bugs stop the process before they can do harm.
#pragma once

#include <string_view>

namespace parley {

[[noreturn]] void stop_process(std::string_view broken_promise);

inline void ensure(bool holds, std::string_view promise) {
    if (!holds) [[unlikely]]
        stop_process(promise);
}

}  // namespace parley
