// A terminal that was taken is given back, whatever ends the process (FAULTS T08).
#include "ui/terminal_mode.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "base/ensure.h"

namespace parley::ui {
namespace {

/// A terminal, and a child that takes it and then ends in some way.
class Ended {
public:
    explicit Ended(void (*end)()) {
        if (::openpty(&screen_, &terminal_, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("no terminal");
        ::tcgetattr(terminal_, &before_);
        const auto child = ::fork();
        if (child == 0) be_the_child(end);
        ::waitpid(child, &status_, 0);
    }
    ~Ended() {
        ::close(screen_);
        ::close(terminal_);
    }

    int signal() const { return WIFSIGNALED(status_) ? WTERMSIG(status_) : 0; }
    bool is_as_before() const {
        termios now{};
        ::tcgetattr(terminal_, &now);
        return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag && now.c_oflag == before_.c_oflag;
    }
    /// Its first bytes; the terminal may hand them over in pieces.
    std::string shown(std::size_t size) const {
        std::string bytes;
        pollfd readable{screen_, POLLIN, 0};
        while (bytes.size() < size && ::poll(&readable, 1, 10'000) == 1) {
            char byte = 0;
            if (::read(screen_, &byte, 1) != 1) break;
            bytes += byte;
        }
        return bytes;
    }

private:
    [[noreturn]] void be_the_child(void (*end)()) const {
        const rlimit no_dump{};
        ::setrlimit(RLIMIT_CORE, &no_dump);
        ::dup2(terminal_, STDERR_FILENO);
        TerminalMode mode(terminal_);
        auto raw = mode.before();
        ::cfmakeraw(&raw);
        mode.enter(raw, TCSANOW, {terminal_, "farewell "});
        end();
        ::_exit(0);  // without the destructor
    }

    int screen_ = -1;
    int terminal_ = -1;
    termios before_{};
    int status_ = 0;
};

TEST(TerminalMode, an_end_that_nobody_sees_coming_leaves_it_taken) {
    const Ended ended([] { ::kill(::getpid(), SIGKILL); });
    EXPECT_EQ(ended.signal(), SIGKILL);
    EXPECT_FALSE(ended.is_as_before()) << "else the other tests could not fail";
}

// FAULTS T08
TEST(TerminalMode, t08_a_signal_gives_it_back_and_ends_the_process_as_ever) {
    const Ended interrupted([] { ::raise(SIGINT); });
    EXPECT_EQ(interrupted.signal(), SIGINT);
    EXPECT_TRUE(interrupted.is_as_before());
    EXPECT_EQ(interrupted.shown(9), "farewell ");
    const Ended hung_up([] { ::raise(SIGHUP); });
    EXPECT_EQ(hung_up.signal(), SIGHUP);
    EXPECT_TRUE(hung_up.is_as_before());
}

TEST(TerminalMode, t08_a_crash_gives_it_back) {
    const Ended ended([] { ::raise(SIGSEGV); });
    EXPECT_TRUE(ended.is_as_before());
}

TEST(TerminalMode, t08_a_broken_promise_is_said_after_the_terminal_was_given_back) {
    const Ended ended([] { stop_process("a promise"); });
    EXPECT_EQ(ended.signal(), SIGABRT);
    EXPECT_TRUE(ended.is_as_before());
    constexpr std::string_view last_words = "farewell parley: internal error: a promise";
    EXPECT_EQ(ended.shown(last_words.size()), last_words);
}

TEST(TerminalMode, a_signal_that_somebody_handles_stays_theirs) {
    const Ended ended([] { ::raise(SIGTERM); });
    EXPECT_EQ(ended.signal(), SIGTERM);
    static volatile std::sig_atomic_t theirs = 0;
    std::signal(SIGTERM, [](int) { theirs = 1; });
    const Ended handled([] {
        ::raise(SIGTERM);
        if (theirs == 0) ::_exit(1);
    });
    std::signal(SIGTERM, SIG_DFL);
    EXPECT_EQ(handled.signal(), 0);
    EXPECT_FALSE(handled.is_as_before()) << "whoever handles it restores it";
}

}  // namespace
}  // namespace parley::ui
