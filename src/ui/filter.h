// The one way for anything a peer controls to reach a terminal (FAULTS T01 to T03, T06, T09): what would
// be executed, hidden or reordered is shown instead, as <001B>.
#pragma once

#include <string>
#include <string_view>

namespace parley::ui {

/// Text of a message: one line, whatever is in it.
std::string displayable(std::string_view text);

/// A name: besides, none of the marks that lines of our own begin with or end a name with.
std::string displayable_name(std::string_view name);

/// The first character of a text that is not empty.
struct DisplayCharacter {
    char32_t code;           ///< U+FFFD for what is no UTF-8
    std::string_view bytes;  ///< as they stand in the text, at least one
    bool harmless;           ///< may reach a terminal as it is
};
DisplayCharacter next_character(std::string_view text);

}  // namespace parley::ui
