#include "relay/deadlines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace parley::relay {
namespace {

struct PlaceIn {
    std::vector<DeadlinePlace>* places;
    DeadlinePlace& operator()(std::uint32_t who) const { return (*places)[who]; }
};

class Waiting {
public:
    explicit Waiting(std::size_t count) : places_(count) {}
    bool waits(std::uint32_t who) const { return places_[who] != 0; }

private:
    std::vector<DeadlinePlace> places_;

public:
    Deadlines<std::uint32_t, PlaceIn> deadlines{PlaceIn{&places_}};
};

constexpr Time at(int seconds) { return Time(std::chrono::seconds(seconds)); }

TEST(Deadlines, ComeDueInTheirOrderAndNotBefore) {
    Waiting all(3);
    all.deadlines.add(0, at(30));
    all.deadlines.add(1, at(10));
    all.deadlines.add(2, at(20));
    EXPECT_EQ(all.deadlines.next(), at(10));
    EXPECT_EQ(all.deadlines.take_due(at(10) - std::chrono::nanoseconds(1)), std::nullopt);
    EXPECT_EQ(all.deadlines.take_due(at(25)), 1U);
    EXPECT_EQ(all.deadlines.take_due(at(25)), 2U);
    EXPECT_EQ(all.deadlines.take_due(at(25)), std::nullopt);
    EXPECT_TRUE(all.waits(0));
    EXPECT_FALSE(all.waits(1));
}

TEST(Deadlines, AreBroughtForwardAndNeverBack) {
    Waiting all(2);
    all.deadlines.add(0, at(10));
    all.deadlines.bring_forward(0, at(20));
    EXPECT_EQ(all.deadlines.next(), at(10));
    all.deadlines.bring_forward(0, at(5));
    EXPECT_EQ(all.deadlines.next(), at(5));
    all.deadlines.bring_forward(1, at(1));
    EXPECT_EQ(all.deadlines.next(), at(5)) << "who does not wait is not brought in";
}

TEST(Deadlines, DoWhatASortedListDoesWhateverComes) {
    constexpr std::uint32_t people = 40;
    std::mt19937 random(11);
    Waiting all(people);
    std::map<std::uint32_t, Time> expected;
    for (int step = 0; step < 20'000; ++step) {
        const auto who = static_cast<std::uint32_t>(random() % people);
        const auto time = at(static_cast<int>(random() % 1'000'000));
        switch (random() % 4) {
            case 0:
            case 1:
                if (expected.try_emplace(who, time).second) all.deadlines.add(who, time);
                break;
            case 2:
                if (expected.contains(who)) expected[who] = std::min(expected[who], time);
                all.deadlines.bring_forward(who, time);
                break;
            default: expected.erase(who); all.deadlines.remove(who);
        }
        ASSERT_EQ(all.deadlines.size(), expected.size());
        const auto first = std::ranges::min_element(expected, {}, [](const auto& waiting) { return waiting.second; });
        ASSERT_EQ(all.deadlines.next(), first == expected.end() ? std::nullopt : std::optional(first->second));
    }
    while (const auto next = all.deadlines.next()) {
        const auto who = all.deadlines.take_due(*next);
        ASSERT_TRUE(who);
        ASSERT_EQ(expected.extract(*who).mapped(), *next);
    }
    EXPECT_TRUE(expected.empty());
}

}  // namespace
}  // namespace parley::relay
