// FAULTS C22, ATTACKS 27: randomness is fresh, whole, and not shared by a fork.
#include "crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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
