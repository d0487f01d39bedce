// What is fenced off, tried by a child that fenced itself in. The broken twin has no fence.
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace parley::sandbox {
namespace {

namespace fs = std::filesystem;

/// What an attempt in a child, behind `fences`, came to.
enum class Outcome { refused = 10, done = 11, no_fence = 12 };

template <class Fences, class Attempt>
Outcome in_a_child(Fences fences, Attempt attempt) {
    const auto child = ::fork();
    if (child == 0) {
        if (!fences()) ::_exit(static_cast<int>(Outcome::no_fence));
        ::_exit(static_cast<int>(attempt() ? Outcome::done : Outcome::refused));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::refused;
}

bool no_fence() { return true; }
bool calls_fence() { return confine_calls(Opening::none) == Fence::stands; }

bool can_open(const char* path, int flags = O_RDONLY) { return ::open(path, flags, 0600) >= 0; }
bool opens_a_file() { return can_open("/etc/hostname"); }
bool makes_a_socket() { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }
/// Exits with what it came to itself: on success nothing of us is left to say so.
bool runs_a_program() {
    ::execl("/bin/sh", "sh", "-c", "exit 11", nullptr);
    return false;
}
bool traces() { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }
bool forks() {
    const auto child = ::fork();
    if (child == 0) ::_exit(0);
    return child > 0;
}
bool makes_code() {
    return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
bool works() {
    auto* page = ::mmap(nullptr, 1U << 20U, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && ::munmap(page, 1U << 20U) == 0 && std::string(100'000, 'x').size() == 100'000;
}

struct Deed {
    const char* name;
    bool (*attempt)();
};
constexpr Deed deeds[] = {{"open", opens_a_file},   {"socket", makes_a_socket},
                          {"exec", runs_a_program}, {"ptrace", traces},
                          {"fork", forks},          {"code", makes_code}};

/// A sanitizer makes calls of its own, also in a child.
class Sandbox : public testing::Test {
protected:
    void SetUp() override {
#if defined(PARLEY_SANITIZED)
        GTEST_SKIP() << "a sanitizer makes calls of its own";
#endif
    }
};
class Calls : public Sandbox {};
class Files : public Sandbox {
protected:
    Files() : folder_(fs::temp_directory_path() / ("parley-sandbox-" + std::to_string(::getpid()))) {
        fs::create_directories(folder_ / "inside");
        std::ofstream(folder_ / "inside" / "file") << "x";
        std::ofstream(folder_ / "outside") << "x";
    }
    ~Files() override { fs::remove_all(folder_); }

    Outcome opens(const std::string& name, int flags) {
        const auto fences = [this] { return confine_files({folder_ / "inside"}) == Fence::stands; };
        const auto path = folder_ / name;
        return in_a_child(fences, [&] { return can_open(path.c_str(), flags); });
    }

    const fs::path folder_;
};

bool kernel_has_landlock() {
    return in_a_child([] { return confine_files({}) == Fence::stands; }, no_fence) == Outcome::done;
}

TEST_F(Calls, of_an_intruder_are_refused) {
    if (in_a_child(calls_fence, works) == Outcome::no_fence) GTEST_SKIP() << "this kernel has no seccomp";
    for (const auto& deed : deeds) EXPECT_EQ(in_a_child(calls_fence, deed.attempt), Outcome::refused) << deed.name;
}

TEST_F(Calls, of_an_intruder_succeed_without_the_fence) {
    for (const auto& deed : deeds) EXPECT_EQ(in_a_child(no_fence, deed.attempt), Outcome::done) << deed.name;
}

TEST_F(Calls, that_work_takes_go_on) {
    if (in_a_child(calls_fence, works) == Outcome::no_fence) GTEST_SKIP() << "this kernel has no seccomp";
    EXPECT_EQ(in_a_child(calls_fence, works), Outcome::done);
}

TEST_F(Calls, of_one_that_reads_open_for_reading_only) {
    const auto fence = [] { return confine_calls(Opening::reading) == Fence::stands; };
    if (in_a_child(fence, works) == Outcome::no_fence) GTEST_SKIP() << "this kernel has no seccomp";
    EXPECT_EQ(in_a_child(fence, opens_a_file), Outcome::done);
    for (const int flags : {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC}) {
        EXPECT_EQ(in_a_child(fence, [&] { return can_open("/dev/null", flags); }), Outcome::refused) << flags;
    }
    EXPECT_EQ(in_a_child(fence, makes_a_socket), Outcome::refused);
}

TEST_F(Files, are_read_in_the_folder_and_nowhere_else) {
    if (!kernel_has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(opens("inside/file", O_RDONLY), Outcome::done);
    EXPECT_EQ(opens("inside/file", O_WRONLY), Outcome::refused);
    EXPECT_EQ(opens("inside/new", O_WRONLY | O_CREAT), Outcome::refused);
    EXPECT_EQ(opens("outside", O_RDONLY), Outcome::refused);
    EXPECT_EQ(in_a_child([] { return confine_files({}) == Fence::stands; }, opens_a_file), Outcome::refused);
    EXPECT_EQ(in_a_child([] { return confine_files({}) == Fence::stands; }, runs_a_program), Outcome::refused);
}

TEST_F(Files, of_a_folder_that_is_missing_are_no_obstacle) {
    if (!kernel_has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(in_a_child([] { return confine_files({"/nowhere/at/all"}) == Fence::stands; }, no_fence), Outcome::done);
}

}  // namespace
}  // namespace parley::sandbox
