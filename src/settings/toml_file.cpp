// The only file that knows the TOML library.
#include <stdexcept>

namespace parley::settings {

/// What toml++ 3.3 takes for impossible, and malformed files reach, refuses a file and does not end the process.
[[noreturn]] inline void stumble() { throw std::logic_error("toml++"); }

}  // namespace parley::settings

#define TOML_ASSERT(expr) ((expr) ? void() : parley::settings::stumble())
#include <toml++/toml.h>

#include <algorithm>

#include "settings/table.h"

namespace parley::settings {
namespace {

using Texts = std::optional<std::vector<std::string>>;

/// Numbers may be written as such where a text with a unit is also taken; a switch is true or false
/// and nothing else.
std::optional<std::string> text_of(const Value& value, const toml::node& node) {
    const bool is_switch = std::holds_alternative<Switch>(value);
    const bool is_text = std::holds_alternative<Text>(value) || std::holds_alternative<List>(value);
    const bool is_count = std::holds_alternative<Count>(value);
    if (const auto* truth = node.as_boolean(); truth != nullptr && is_switch) return truth->get() ? "true" : "false";
    if (const auto* number = node.as_integer(); number != nullptr && !is_switch && !is_text) {
        return std::to_string(number->get());
    }
    if (const auto* text = node.as_string(); text != nullptr && !is_switch && !is_count) return text->get();
    return std::nullopt;
}

Texts texts_of(const Value& value, const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr || !std::holds_alternative<List>(value)) {
        auto text = text_of(value, node);
        return text ? Texts({std::move(*text)}) : std::nullopt;
    }
    std::vector<std::string> texts;
    for (const auto& element : *array) {
        auto text = text_of(value, element);
        if (!text) return std::nullopt;
        texts.push_back(std::move(*text));
    }
    return texts;
}

Outcome take_entry(Table& table, std::string_view key, const toml::node& node, std::string source) {
    const auto* setting = table.find(key);
    if (setting == nullptr) return table.take(key, {}, std::move(source));
    const auto texts = texts_of(setting->value, node);
    if (!texts) {
        return std::unexpected(source + ": " + std::string(key) + " takes " + what_it_takes(setting->value));
    }
    return table.take(key, *texts, std::move(source));
}

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

/// Where the comment of a line begins, or its end. A string ends with its line here.
std::size_t comment_of(std::string_view line) {
    char quote = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (quote == 0 && c == '#') return at;
        if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (quote == '"' && c == '\\') {
            ++at;
        } else if (c == quote) {
            quote = 0;
        }
    }
    return line.size();
}

bool has_strings_of_many_lines(std::string_view text) { return text.contains(R"(""")") || text.contains("'''"); }

/// People write their names into comments, which the library need not see. Where strings go over lines, what looks
/// like a comment may be a part of one, and nothing is changed.
std::string with_plain_comments(std::string_view text) {
    std::string plain(text);
    if (has_strings_of_many_lines(text)) return plain;
    for (std::size_t line = 0; line < text.size();) {
        const auto end = std::min(text.find('\n', line), text.size());
        const auto comment = line + comment_of(text.substr(line, end - line));
        std::replace_if(plain.data() + comment, plain.data() + end, is_beyond_ascii, '?');
        line = end + 1;
    }
    return plain;
}

/// The line of the first letter that is not ASCII: toml++ takes some of those for impossible, and relies on it.
std::optional<std::size_t> line_beyond_ascii(std::string_view text) {
    const auto odd = std::ranges::find_if(text, is_beyond_ascii);
    if (odd == text.end()) return std::nullopt;
    return 1 + static_cast<std::size_t>(std::count(text.begin(), odd, '\n'));
}

/// The line of the first section: there are none here, and toml++ 3.3 stops the process at one that begins with a dot.
std::optional<std::size_t> line_of_section(std::string_view text) {
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto whole = text.substr(0, text.find('\n'));
        const auto first = whole.find_first_not_of(" \t\r");
        if (first != std::string_view::npos && whole[first] == '[') return line;
        text.remove_prefix(std::min(text.size(), whole.size() + 1));
    }
    return std::nullopt;
}

std::string place(const toml::source_position& at, std::string_view name) {
    return std::string(name) + ":" + std::to_string(at.line);
}

/// The library throws; nobody else here does.
std::expected<toml::table, Complaint> parse(std::string_view text, std::string_view name) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        return std::unexpected(place(error.source().begin, name) + ": " + std::string(error.description()));
    } catch (const std::logic_error&) {
        return std::unexpected(std::string(name) + ": this is no TOML: one `name = value` a line");
    }
}

}  // namespace

Outcome take_toml(Table& table, std::string_view file, std::string_view name) {
    const auto text = with_plain_comments(file);
    if (const auto line = line_beyond_ascii(text)) {
        return std::unexpected(
            std::string(name) + ":" + std::to_string(*line) +
            R"(: outside of comments only ASCII is understood; in a text an e with an accent is \u00E9)");
    }
    if (const auto line = line_of_section(text)) {
        return std::unexpected(std::string(name) + ":" + std::to_string(*line) + ": there are no sections here");
    }
    const auto parsed = parse(text, name);
    if (!parsed) return std::unexpected(parsed.error());
    for (const auto& [key, node] : *parsed) {
        auto taken = take_entry(table, key.str(), node, place(key.source().begin, name));
        if (!taken) return taken;
    }
    return {};
}

}  // namespace parley::settings
