#include "base/characters.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace parley {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array hidden{
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

}  // namespace

Character first_character(std::string_view text) {
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

bool is_hidden(char32_t c) {
    return std::ranges::any_of(hidden, [c](const Range& range) { return range.first <= c && c <= range.last; });
}

bool is_noncharacter(char32_t c) { return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe; }

bool is_odd_space(char32_t c) {
    return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

}  // namespace parley
