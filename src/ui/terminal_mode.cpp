#include "ui/terminal_mode.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/ensure.h"

namespace parley::ui {
namespace {

// What a signal handler may touch: plain data, written before the handlers are there.
struct Way {
    int terminal;
    int output;
    termios before;
    std::array<char, 128> farewell;
    std::size_t farewell_size;
};
Way way_back;
volatile std::sig_atomic_t is_away = 0;

constexpr std::array ending = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
std::array<struct sigaction, ending.size()> former;

/// Async-signal-safe.
void go_back() {
    if (is_away == 0) return;
    is_away = 0;
    if (way_back.farewell_size > 0 && ::write(way_back.output, way_back.farewell.data(), way_back.farewell_size) < 0) {
        // The terminal has gone: there is nothing to restore.
    }
    ::tcsetattr(way_back.terminal, TCSANOW, &way_back.before);
}

/// What would have happened without us happens after it.
void end_by(int signal) {
    go_back();
    for (std::size_t i = 0; i < ending.size(); ++i) {
        if (ending[i] == signal) ::sigaction(signal, &former[i], nullptr);
    }
    ::raise(signal);
}

/// A crash is ours even where a sanitizer waits for it, since it gets it next; of the others those nobody handles.
bool is_ours(std::size_t i) {
    const bool crash = ending[i] != SIGINT && ending[i] != SIGTERM && ending[i] != SIGHUP && ending[i] != SIGQUIT;
    return crash || former[i].sa_handler == SIG_DFL;
}

void watch() {
    struct sigaction action{};
    action.sa_handler = end_by;
    for (std::size_t i = 0; i < ending.size(); ++i) {
        ::sigaction(ending[i], nullptr, &former[i]);
        if (is_ours(i)) ::sigaction(ending[i], &action, nullptr);
    }
    set_last_act(go_back);
}

/// A handler that came after ours stays.
void stop_watching() {
    set_last_act(nullptr);
    for (std::size_t i = 0; i < ending.size(); ++i) {
        struct sigaction current{};
        ::sigaction(ending[i], nullptr, &current);
        if (current.sa_handler == end_by) ::sigaction(ending[i], &former[i], nullptr);
    }
}

}  // namespace

TerminalMode::TerminalMode(int terminal) : terminal_(terminal) { ::tcgetattr(terminal_, &before_); }

void TerminalMode::enter(const termios& wanted, int when, Farewell farewell) {
    if (!entered_) {
        ensure(is_away == 0, "one terminal is in use");
        ensure(farewell.bytes.size() <= way_back.farewell.size(), "a farewell fits");
        way_back = {terminal_, farewell.output, before_, {}, farewell.bytes.size()};
        std::ranges::copy(farewell.bytes, way_back.farewell.begin());
        is_away = 1;
        watch();
        entered_ = true;
    }
    ::tcsetattr(terminal_, when, &wanted);
}

void TerminalMode::leave(int when) {
    if (!entered_) return;
    entered_ = false;
    ::tcsetattr(terminal_, when, &before_);
    stop_watching();
    is_away = 0;
}

}  // namespace parley::ui
