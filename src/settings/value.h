// The value of a setting: where it is kept, what it may be, how a text becomes one and how it is shown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"

namespace parley::settings {

/// A whole number.
struct Count {
    std::size_t* at;
    std::size_t least;
    std::size_t most;
};
/// Bytes: 1048576, "1 MiB".
struct Size {
    std::size_t* at;
    std::size_t least;
    std::size_t most;
};
/// A time: "500 ms", "5 s", "10 min", "24 h"; a number alone means seconds.
struct Period {
    Duration* at;
    Duration least;
    Duration most;
};
struct Switch {
    bool* at;
};
/// Judged by whoever uses it.
struct Text {
    std::string* at;
};
struct List {
    std::vector<std::string>* at;
};
using Value = std::variant<Count, Size, Period, Switch, Text, List>;

/// Puts it where it is kept; false where it is none of what it may be, and nothing changes. All
/// values but lists are made of exactly one text.
bool assign(const Value& value, std::span<const std::string> texts);
/// As it would stand in the file.
std::string shown(const Value& value);
/// For people who wrote something else: "a size from 64 KiB to 1 GiB, as 1048576 or \"1 MiB\"".
std::string what_it_takes(const Value& value);
/// One word for the help.
std::string_view kind_of(const Value& value);

std::optional<std::size_t> parse_size(std::string_view text);
std::optional<Duration> parse_period(std::string_view text);

}  // namespace parley::settings
