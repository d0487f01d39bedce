// Our own bugs stop the process before they can do harm.
#pragma once

#include <string_view>

namespace parley {

[[noreturn]] void stop_process(std::string_view broken_promise);

/// What is done before the process says why it stops, as giving a terminal back; null: nothing.
void set_last_act(void (*act)());

inline void ensure(bool holds, std::string_view promise) {
    if (!holds) [[unlikely]]
        stop_process(promise);
}

}  // namespace parley
