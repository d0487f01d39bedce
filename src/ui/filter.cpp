#include "ui/filter.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/characters.h"

namespace parley::ui {
namespace {

std::string as_code(char32_t c) {
    std::array<char, 16> text{};
    const int size = std::snprintf(text.data(), text.size(), "<%04X>", static_cast<unsigned>(c));
    return {text.data(), static_cast<std::size_t>(size)};
}

template <class MustEscape>
std::string filtered(std::string_view text, MustEscape must_escape) {
    std::string out;
    while (!text.empty()) {
        const auto [code, length] = first_character(text);
        if (code == 0xfffd || is_noncharacter(code)) out += "\xef\xbf\xbd";
        else if (must_escape(code)) out += as_code(code);
        else out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace

DisplayCharacter next_character(std::string_view text) {
    const auto [code, length] = first_character(text);
    const bool harmless = code != 0xfffd && !is_noncharacter(code) && !is_hidden(code);
    return {code, text.substr(0, length), harmless};
}

std::string displayable(std::string_view text) { return filtered(text, is_hidden); }

std::string displayable_name(std::string_view name) {
    constexpr std::u32string_view marks = U"[]#:<>";
    bool after_space = true;  // a leading blank would hide
    auto shown = filtered(name, [&](char32_t c) {
        const bool blank = c == ' ';
        const bool escape = is_hidden(c) || is_odd_space(c) || marks.find(c) != marks.npos || (blank && after_space);
        after_space = blank;
        return escape;
    });
    if (shown.ends_with(' ')) shown.replace(shown.size() - 1, 1, as_code(' '));
    return shown;
}

}  // namespace parley::ui
