// Characters of Unicode and which of them a reader would not see as what they are.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

struct Character {
    char32_t code;       ///< U+FFFD for what is no UTF-8
    std::size_t length;  ///< in bytes
};
/// The character at the front of a text that is not empty; what is no UTF-8 is one byte of U+FFFD.
Character first_character(std::string_view text);

/// What a terminal executes, what nobody sees, what turns the order of a line around.
bool is_hidden(char32_t c);
bool is_noncharacter(char32_t c);
/// Spaces that look like none or like another, which would make two names look alike.
bool is_odd_space(char32_t c);

}  // namespace parley
