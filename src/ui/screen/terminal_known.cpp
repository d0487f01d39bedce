// Apart from the rest of Terminal: <term.h> makes macros of words like `columns` and `lines`.
#include <unistd.h>

// clang-format off
#include <curses.h>
#include <term.h>
// clang-format on

#include <cstdint>

namespace parley::ui::screen {

bool is_known_terminal() {
    int error = 0;
    if (::setupterm(nullptr, STDOUT_FILENO, &error) != OK) return false;
    const char* move = ::tigetstr("cup");
    const bool can_move = move != nullptr && reinterpret_cast<std::intptr_t>(move) != -1;
    ::del_curterm(cur_term);
    return can_move;
}

}  // namespace parley::ui::screen
