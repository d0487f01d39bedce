#include "settings/value.h"

#include <gtest/gtest.h>

namespace parley::settings {
namespace {

using namespace std::chrono_literals;

TEST(Size, is_a_number_with_or_without_a_unit) {
    EXPECT_EQ(parse_size("1048576"), 1U << 20U);
    EXPECT_EQ(parse_size("1 MiB"), 1U << 20U);
    EXPECT_EQ(parse_size("1MiB"), 1U << 20U);
    EXPECT_EQ(parse_size("24 KiB"), 24U << 10U);
    EXPECT_EQ(parse_size("16 GiB"), std::size_t{16} << 30U);
}

// FAULTS O19
TEST(Size, is_nothing_else) {
    for (const auto* text : {"", " ", "-1", "+1", "nan", "1e6", "1.5 MiB", "1 MB", "1  MiB", "1 MiB ", "MiB", "0x10",
                             "18446744073709551616", "18446744073709551615 GiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(Period, is_seconds_or_has_a_unit) {
    EXPECT_EQ(parse_period("5"), 5s);
    EXPECT_EQ(parse_period("5 s"), 5s);
    EXPECT_EQ(parse_period("500ms"), 500ms);
    EXPECT_EQ(parse_period("10 min"), 10min);
    EXPECT_EQ(parse_period("24 h"), 24h);
}

TEST(Period, is_nothing_else) {
    for (const auto* text : {"", "-5", "5 m", "5 d", "inf", "99999999999999999999", "9223372036854775807 h"}) {
        EXPECT_FALSE(parse_period(text)) << text;
    }
}

// FAULTS O19
TEST(Value, is_taken_within_its_range_and_left_alone_outside) {
    std::size_t number = 7;
    const Value value = Count{&number, 2, 9};
    EXPECT_TRUE(assign(value, std::vector<std::string>{"2"}));
    EXPECT_TRUE(assign(value, std::vector<std::string>{"9"}));
    for (const auto* text : {"1", "10", "-3", "3 ", "3.0", "99999999999999999999999"}) {
        EXPECT_FALSE(assign(value, std::vector<std::string>{text})) << text;
    }
    EXPECT_FALSE(assign(value, std::vector<std::string>{"3", "4"}));
    EXPECT_EQ(number, 9U);
}

TEST(Value, is_shown_in_its_largest_whole_unit) {
    std::size_t size = 24U << 10U;
    Duration period = 90s;
    EXPECT_EQ(shown(Size{&size, 0, 1U << 30U}), "\"24 KiB\"");
    EXPECT_EQ(shown(Period{&period, 0s, 24h}), "\"90 s\"");
    size = 1000;
    period = 0s;
    EXPECT_EQ(shown(Size{&size, 0, 1U << 30U}), "1000");
    EXPECT_EQ(shown(Period{&period, 0s, 24h}), "\"0 ms\"");
    bool on = true;
    EXPECT_EQ(shown(Switch{&on}), "true");
    std::vector<std::string> list{"a", "say \"x\"\n"};
    EXPECT_EQ(shown(List{&list}), R"(["a", "say \"x\"\u000A"])");
}

}  // namespace
}  // namespace parley::settings
