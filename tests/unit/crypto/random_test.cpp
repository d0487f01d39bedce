// FAULTS C22, ATTACKS 27: randomness is fresh, whole, and not shared by a fork.
#include "crypto/random.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <set>

#include "world/random.h"

namespace parley::crypto {
namespace {

using Draw = FixedBytes<32>;

/// Each process draws once after the fork; the child sends its draw through a pipe.
std::pair<Draw, Draw> draws_after_fork(Random& random) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    (void)random.bytes<32>();  // the generator is seeded before the fork
    const auto child = fork();
    if (child == 0) {
        const auto draw = random.bytes<32>();
        _exit(write(ends[1], draw.data(), draw.size()) == 32 ? 0 : 1);
    }
    const auto ours = random.bytes<32>();
    Draw theirs{};
    EXPECT_EQ(read(ends[0], theirs.data(), theirs.size()), 32);
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    close(ends[0]);
    close(ends[1]);
    return {ours, theirs};
}

/// From here on the system gives this process no randomness, by call or by file. False when it may not.
bool deny_randomness() {
    sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    };
    const sock_fprog program{std::size(rules), rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

enum class Outcome { drew, threw, could_not_deny };

/// In a child, whose generator must reseed because of the fork.
Outcome draw_without_a_source(Random& random) {
    (void)random.bytes<32>();
    const auto child = fork();
    if (child == 0) {
        if (!deny_randomness()) _exit(static_cast<int>(Outcome::could_not_deny));
        try {
            (void)random.bytes<32>();
        } catch (const std::exception&) {
            _exit(static_cast<int>(Outcome::threw));
        }
        _exit(static_cast<int>(Outcome::drew));
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    return static_cast<Outcome>(WEXITSTATUS(status));
}

// FAULTS C22
TEST(SystemRandom, throws_when_the_system_has_none_to_give) {
    SystemRandom random;
    test::SeededRandom seeded(8);
    const auto outcome = draw_without_a_source(random);
    if (outcome == Outcome::could_not_deny) GTEST_SKIP() << "no system call filters here";
    EXPECT_EQ(outcome, Outcome::threw);
    EXPECT_EQ(draw_without_a_source(seeded), Outcome::drew) << "twin: a generator that needs no system";
}

// FAULTS C22
TEST(SystemRandom, differs_between_parent_and_child_after_a_fork) {
    SystemRandom random;
    const auto [parent, child] = draws_after_fork(random);
    EXPECT_NE(parent, child);
}

TEST(SystemRandom, would_be_caught_being_copied_by_a_fork) {
    test::SeededRandom copied(7);
    const auto [parent, child] = draws_after_fork(copied);
    EXPECT_EQ(parent, child);
}

TEST(SystemRandom, never_repeats_itself) {
    SystemRandom random;
    std::set<Draw> draws;
    for (int i = 0; i < 10'000; ++i) draws.insert(random.bytes<32>());
    EXPECT_EQ(draws.size(), 10'000U);
}

// A byte that 16 draws leave at zero was not written: by chance, one run in 2^114.
// ATTACKS 27
TEST(SystemRandom, fills_every_byte_it_was_given) {
    SystemRandom random;
    for (const std::size_t size : {1U, 31U, 4096U, 9001U}) {
        Bytes seen(size);
        for (int draw = 0; draw < 16; ++draw) {
            Bytes bytes(size);
            random.fill(bytes);
            for (std::size_t i = 0; i < size; ++i) seen[i] = static_cast<std::uint8_t>(seen[i] | bytes[i]);
        }
        EXPECT_EQ(std::ranges::count(seen, 0), 0) << size;
    }
}

TEST(SystemRandom, takes_an_empty_request_for_done) {
    SystemRandom random;
    EXPECT_NO_THROW(random.fill({}));
}

}  // namespace
}  // namespace parley::crypto
