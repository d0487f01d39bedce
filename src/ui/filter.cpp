#include "ui/filter.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/utf8.h"

namespace parley::ui {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// What a terminal executes, what nobody sees, what turns the order of a line around.
constexpr std::array shown_as_code{
    Range{0x00, 0x1f},        // C0 controls
    Range{0x7f, 0x9f},        // DEL and C1 controls
    Range{0xad, 0xad},        // soft hyphen
    Range{0x34f, 0x34f},      // combining grapheme joiner
    Range{0x61c, 0x61c},      // Arabic letter mark
    Range{0x115f, 0x1160},    // Hangul fillers
    Range{0x17b4, 0x17b5},    // Khmer inherent vowels
    Range{0x180b, 0x180f},    // Mongolian selectors and vowel separator
    Range{0x200b, 0x200f},    // zero width, direction marks
    Range{0x2028, 0x202e},    // line and paragraph separators, embeddings, overrides
    Range{0x2060, 0x206f},    // word joiner, isolates, deprecated controls
    Range{0x3164, 0x3164},    // Hangul filler
    Range{0xfeff, 0xfeff},    // byte order mark
    Range{0xffa0, 0xffa0},    // half-width Hangul filler
    Range{0xfff9, 0xfffb},    // interlinear annotation
    Range{0xe0000, 0xe0fff},  // tags
};

bool is_shown_as_code(char32_t c) {
    for (const auto& range : shown_as_code) {
        if (range.first <= c && c <= range.last) return true;
    }
    return false;
}

bool is_noncharacter(char32_t c) { return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe; }

struct Character {
    char32_t code;
    std::size_t length;
};

/// The character at the front; what is no UTF-8 is one byte of U+FFFD.
Character front(std::string_view text) {
    for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
        if (!is_valid_utf8(text.substr(0, length))) continue;
        const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
        if (length == 1) return {byte(0), 1};
        char32_t code = byte(0) & (0xffU >> (length + 1));
        for (std::size_t i = 1; i < length; ++i) code = code << 6U | (byte(i) & 0x3fU);
        return {code, length};
    }
    return {0xfffd, 1};
}

std::string as_code(char32_t c) {
    std::array<char, 16> text{};
    const int size = std::snprintf(text.data(), text.size(), "<%04X>", static_cast<unsigned>(c));
    return {text.data(), static_cast<std::size_t>(size)};
}

template <class MustEscape>
std::string filtered(std::string_view text, MustEscape must_escape) {
    std::string out;
    while (!text.empty()) {
        const auto [code, length] = front(text);
        if (code == 0xfffd || is_noncharacter(code)) out += "\xef\xbf\xbd";
        else if (must_escape(code)) out += as_code(code);
        else out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out;
}

/// Spaces that look like none or like another, which would make two names look alike.
bool is_odd_space(char32_t c) {
    return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

}  // namespace

DisplayCharacter next_character(std::string_view text) {
    const auto [code, length] = front(text);
    const bool harmless = code != 0xfffd && !is_noncharacter(code) && !is_shown_as_code(code);
    return {code, text.substr(0, length), harmless};
}

std::string displayable(std::string_view text) { return filtered(text, is_shown_as_code); }

std::string displayable_name(std::string_view name) {
    constexpr std::u32string_view marks = U"[]#:<>";
    bool after_space = true;  // a leading blank would hide
    auto shown = filtered(name, [&](char32_t c) {
        const bool blank = c == ' ';
        const bool escape =
            is_shown_as_code(c) || is_odd_space(c) || marks.find(c) != marks.npos || (blank && after_space);
        after_space = blank;
        return escape;
    });
    if (shown.ends_with(' ')) shown.replace(shown.size() - 1, 1, as_code(' '));
    return shown;
}

}  // namespace parley::ui
