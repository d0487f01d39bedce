// The state of a terminal while we use it, and its way back whatever ends the process (FAULTS T08).
#pragma once

#include <termios.h>

#include <string_view>

namespace parley::ui {

/// What is written on ways out that nobody planned: 128 bytes at most.
struct Farewell {
    int output = -1;
    std::string_view bytes{};
};

/// One at a time is entered. Left by the destructor, by a broken promise, and by a signal that ends the process
/// and that nobody else handles: before it ends, the terminal is as it was.
class TerminalMode {
public:
    explicit TerminalMode(int terminal);
    ~TerminalMode() { leave(TCSANOW); }
    TerminalMode(const TerminalMode&) = delete;
    TerminalMode& operator=(const TerminalMode&) = delete;

    /// As it was found.
    const termios& before() const { return before_; }

    /// `when` as for tcsetattr.
    void enter(const termios& wanted, int when, Farewell farewell = {});
    /// Calling it again does nothing.
    void leave(int when);

private:
    int terminal_;
    termios before_{};
    bool entered_ = false;
};

}  // namespace parley::ui
