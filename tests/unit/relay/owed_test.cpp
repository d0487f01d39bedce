#include "relay/owed.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace parley::relay {
namespace {

using namespace std::chrono_literals;

Time at(int step) { return Time{} + step * 1ms; }

TEST(Owed, names_who_has_waited_longest_once_its_time_has_come) {
    Owed owed;
    EXPECT_EQ(owed.next(), std::nullopt);
    const auto ada = owed.add(7, at(1));
    const auto bob = owed.add(8, at(2));
    EXPECT_EQ(owed.next(), at(1));
    EXPECT_EQ(owed.due(at(0)), std::nullopt);
    EXPECT_EQ(owed.due(at(1)), 7U);
    EXPECT_EQ(owed.due(at(9)), 7U) << "until it is answered";
    owed.remove(ada);
    EXPECT_EQ(owed.due(at(1)), std::nullopt);
    EXPECT_EQ(owed.due(at(2)), 8U);
    owed.remove(bob);
    EXPECT_EQ(owed.next(), std::nullopt);
}

TEST(Owed, passes_over_who_was_answered_before_its_time) {
    Owed owed;
    const auto ada = owed.add(7, at(1));
    const auto bob = owed.add(8, at(2));
    owed.add(9, at(3));
    owed.remove(bob);
    EXPECT_EQ(owed.due(at(9)), 7U);
    owed.remove(ada);
    EXPECT_EQ(owed.due(at(9)), 9U);
}

/// Beside a map that is as simple as it is slow; few wait and many, so that what was answered is cleared away.
TEST(Owed, is_what_a_map_of_those_who_wait_would_be) {
    std::mt19937 random(1);
    Owed owed;
    std::map<int, std::pair<ConnectionId, Owed::Place>> waiting;
    for (int step = 0; step < 20'000; ++step) {
        const bool grows = step % 2'000 < 1'000;
        if (waiting.empty() || random() % 100 < (grows ? 60 : 40)) {
            const auto who = static_cast<ConnectionId>(random());
            waiting[step] = {who, owed.add(who, at(step))};
        } else {
            const auto one = std::next(waiting.begin(), static_cast<std::ptrdiff_t>(random() % waiting.size()));
            owed.remove(one->second.second);
            waiting.erase(one);
        }
        const bool none = waiting.empty();
        ASSERT_EQ(owed.next(), none ? std::nullopt : std::optional(at(waiting.begin()->first)));
        ASSERT_EQ(owed.due(at(step)), none ? std::nullopt : std::optional(waiting.begin()->second.first));
    }
}

}  // namespace
}  // namespace parley::relay
