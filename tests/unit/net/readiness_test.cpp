// ARCHITECTURE, the relay's parts: one object of the kernel's for all idle connections of a loop.
#include "net/readiness.h"

#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "loopback.h"

namespace parley::net {
namespace {

using namespace test;
using Names = std::multiset<std::uint32_t>;

/// Two connected sockets: what is said at the far end can be read at the near one.
class Line {
public:
    Line() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends_.data()), 0); }
    ~Line() {
        close_near();
        close_far();
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    int near() const { return ends_[0]; }
    void say() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
    void hear() const {
        char byte = 0;
        EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
    }
    void close_near() { close(ends_[0]); }
    void close_far() { close(ends_[1]); }

private:
    static void close(int& end) {
        if (end >= 0) ::close(end);
        end = -1;
    }
    std::array<int, 2> ends_{-1, -1};
};

struct Watch {
    Names take() {
        Names names;
        for (const auto& arrival : readiness.take()) names.insert(arrival.name);
        return names;
    }

    asio::io_context context{1};
    Readiness readiness{context.get_executor()};
};

TEST(Readiness, names_each_arrival_once) {
    Watch watch;
    const Line one, other;
    ASSERT_TRUE(watch.readiness.watch(one.near(), 1));
    ASSERT_TRUE(watch.readiness.watch(other.near(), 2));
    EXPECT_FALSE(watch.readiness.any());
    EXPECT_EQ(watch.take(), Names{});
    other.say();
    EXPECT_TRUE(watch.readiness.any());
    EXPECT_EQ(watch.take(), Names{2});
    EXPECT_EQ(watch.take(), Names{}) << "whoever does not read it remembers that";
    EXPECT_FALSE(watch.readiness.any());
    one.say();
    EXPECT_EQ(watch.take(), Names{1});
    one.hear();
    one.say();
    EXPECT_EQ(watch.take(), Names{1});
}

TEST(Readiness, names_who_said_something_before_it_was_watched) {
    Watch watch;
    const Line line;
    line.say();
    ASSERT_TRUE(watch.readiness.watch(line.near(), 1));
    EXPECT_EQ(watch.take(), Names{1});
}

TEST(Readiness, names_whose_other_end_has_gone) {
    Watch watch;
    Line line;
    ASSERT_TRUE(watch.readiness.watch(line.near(), 7));
    line.close_far();
    EXPECT_EQ(watch.take(), Names{7}) << "who reads there finds the end";
}

TEST(Readiness, says_that_an_arrival_is_the_last) {
    Watch watch;
    Line line;
    ASSERT_TRUE(watch.readiness.watch(line.near(), 7));
    line.say();
    const auto first = watch.readiness.take();
    ASSERT_EQ(first.size(), 1U);
    EXPECT_FALSE(first[0].last);
    line.say();
    line.close_far();
    const auto second = watch.readiness.take();
    ASSERT_EQ(second.size(), 1U) << "what came and the end of it are one arrival";
    EXPECT_TRUE(second[0].last);
}

TEST(Readiness, names_nobody_who_is_forgotten_or_closed) {
    Watch watch;
    Line forgotten, closed;
    ASSERT_TRUE(watch.readiness.watch(forgotten.near(), 1));
    ASSERT_TRUE(watch.readiness.watch(closed.near(), 2));
    forgotten.say();
    closed.say();
    EXPECT_EQ(watch.take(), (Names{1, 2})) << "the twin: both are there";
    watch.readiness.forget(forgotten.near());
    closed.close_near();
    EXPECT_EQ(watch.take(), Names{});
    EXPECT_TRUE(watch.readiness.watch(forgotten.near(), 3)) << "it may come back, by another name";
    EXPECT_EQ(watch.take(), Names{3});
}

TEST(Readiness, says_when_it_cannot_watch) {
    Watch watch;
    Line line;
    ASSERT_TRUE(watch.readiness.watch(line.near(), 1));
    EXPECT_FALSE(watch.readiness.watch(line.near(), 2)) << "one name each";
    watch.readiness.forget(-1);
    EXPECT_FALSE(watch.readiness.watch(-1, 3));
}

TEST(Readiness, gives_everybody_a_turn_however_many_can_be_read) {
    constexpr std::uint32_t count = 400;  // more than are taken at a time
    Watch watch;
    std::vector<Line> lines(count);
    for (std::uint32_t name = 0; name < count; ++name) {
        ASSERT_TRUE(watch.readiness.watch(lines[name].near(), name));
        lines[name].say();
    }
    const auto first = watch.take(), second = watch.take();
    EXPECT_LT(first.size(), count);
    std::set<std::uint32_t> named(first.begin(), first.end());
    named.insert(second.begin(), second.end());
    EXPECT_EQ(named.size(), count) << "who was not named had its turn in the next call";
}

TEST(Readiness, wakes_who_waits_when_one_can_be_read) {
    Watch watch;
    const Line line;
    ASSERT_TRUE(watch.readiness.watch(line.near(), 5));
    bool woken = false;
    asio::co_spawn(
        watch.context,
        [](Readiness& readiness, bool& done) -> asio::awaitable<void> {
            co_await readiness.wait();
            done = true;
        }(watch.readiness, woken),
        rethrow);
    watch.context.poll();
    EXPECT_FALSE(woken) << "there is nothing yet";
    line.say();
    while (!woken && watch.context.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    EXPECT_TRUE(woken);
    EXPECT_EQ(watch.take(), Names{5});
}

}  // namespace
}  // namespace parley::net
