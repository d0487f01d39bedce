#include "settings/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace parley::settings {
namespace {

using namespace std::chrono_literals;

struct SizeUnit {
    std::string_view name;
    std::size_t bytes;
};
struct PeriodUnit {
    std::string_view name;
    Duration length;
};
// The largest first: what is shown takes the first one that leaves no rest.
constexpr std::array size_units{SizeUnit{"GiB", 1U << 30U}, SizeUnit{"MiB", 1U << 20U}, SizeUnit{"KiB", 1U << 10U},
                                SizeUnit{"", 1}};
constexpr std::array period_units{PeriodUnit{"h", 1h}, PeriodUnit{"min", 1min}, PeriodUnit{"s", 1s},
                                  PeriodUnit{"ms", 1ms}, PeriodUnit{"", 1s}};

/// A number and the word after it.
struct Measure {
    std::uint64_t number;
    std::string_view unit;
};

std::optional<Measure> parse_measure(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.starts_with(' ')) unit.remove_prefix(1);
    return Measure{number, unit};
}

std::optional<std::size_t> parse_count(std::string_view text) {
    const auto measure = parse_measure(text);
    return measure && measure->unit.empty() && !text.ends_with(' ') ? std::optional(measure->number) : std::nullopt;
}

template <class Number>
bool put(const auto& value, std::optional<Number> number) {
    if (!number || *number < value.least || *number > value.most) return false;
    *value.at = *number;
    return true;
}

bool assign_one(const Count& value, const std::string& text) { return put(value, parse_count(text)); }
bool assign_one(const Size& value, const std::string& text) { return put(value, parse_size(text)); }
bool assign_one(const Period& value, const std::string& text) { return put(value, parse_period(text)); }
bool assign_one(const Switch& value, const std::string& text) {
    if (text != "true" && text != "false") return false;
    *value.at = text == "true";
    return true;
}
bool assign_one(const Text& value, const std::string& text) {
    *value.at = text;
    return true;
}

std::string print_size(std::size_t bytes) {
    const auto unit = std::ranges::find_if(size_units, [&](const auto& it) { return bytes % it.bytes == 0; });
    if (bytes == 0 || unit->name.empty()) return std::to_string(bytes);
    return std::to_string(bytes / unit->bytes) + " " + std::string(unit->name);
}
std::string print_period(Duration period) {
    const auto unit = std::ranges::find_if(period_units, [&](const auto& it) { return period % it.length == 0s; });
    if (period == 0s || unit == period_units.end()) return std::to_string(period / 1ms) + " ms";
    return std::to_string(period / unit->length) + " " + std::string(unit->name);
}

/// As TOML writes a string, whatever it holds.
std::string in_quotes(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (byte >= 0x20 && byte != 0x7f) out += c;
        else out += {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out + "\"";
}
std::string quoted_if_worded(std::string text) { return text.contains(' ') ? in_quotes(text) : text; }

std::string show(const Count& value) { return std::to_string(*value.at); }
std::string show(const Size& value) { return quoted_if_worded(print_size(*value.at)); }
std::string show(const Period& value) { return quoted_if_worded(print_period(*value.at)); }
std::string show(const Switch& value) { return *value.at ? "true" : "false"; }
std::string show(const Text& value) { return in_quotes(*value.at); }
std::string show(const List& value) {
    std::string out;
    for (const auto& text : *value.at) out += (out.empty() ? "" : ", ") + in_quotes(text);
    return "[" + out + "]";
}

std::string takes(const Count& value) {
    return "a whole number from " + std::to_string(value.least) + " to " + std::to_string(value.most);
}
std::string takes(const Size& value) {
    return "a size from " + print_size(value.least) + " to " + print_size(value.most) + R"(, as 1048576 or "1 MiB")";
}
std::string takes(const Period& value) {
    return "a time from " + print_period(value.least) + " to " + print_period(value.most) +
           R"(, as 5, "500 ms", "10 min" or "24 h")";
}
std::string takes(const Switch&) { return "true or false"; }
std::string takes(const Text&) { return "one text"; }
std::string takes(const List&) { return "texts"; }

}  // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
    const auto measure = parse_measure(text);
    if (!measure) return std::nullopt;
    const auto unit = std::ranges::find(size_units, measure->unit, &SizeUnit::name);
    if (unit == size_units.end() || text.ends_with(' ')) return std::nullopt;
    if (measure->number > std::numeric_limits<std::size_t>::max() / unit->bytes) return std::nullopt;
    return measure->number * unit->bytes;
}

std::optional<Duration> parse_period(std::string_view text) {
    const auto measure = parse_measure(text);
    if (!measure) return std::nullopt;
    const auto unit = std::ranges::find(period_units, measure->unit, &PeriodUnit::name);
    if (unit == period_units.end() || text.ends_with(' ')) return std::nullopt;
    if (measure->number > static_cast<std::uint64_t>(Duration::max() / unit->length)) return std::nullopt;
    return static_cast<Duration::rep>(measure->number) * unit->length;
}

bool assign(const Value& value, std::span<const std::string> texts) {
    if (const auto* list = std::get_if<List>(&value)) {
        list->at->assign(texts.begin(), texts.end());
        return true;
    }
    if (texts.size() != 1) return false;
    return std::visit(
        [&](const auto& one) {
            if constexpr (std::is_same_v<decltype(one), const List&>) return false;
            else return assign_one(one, texts.front());
        },
        value);
}

std::string shown(const Value& value) {
    return std::visit([](const auto& one) { return show(one); }, value);
}

std::string what_it_takes(const Value& value) {
    return std::visit([](const auto& one) { return takes(one); }, value);
}

std::string_view kind_of(const Value& value) {
    static constexpr std::array<std::string_view, 6> kinds{"NUMBER", "BYTES", "TIME", "", "TEXT", "TEXT"};
    return kinds[value.index()];
}

}  // namespace parley::settings
