// Characters as a reader and a terminal see them: grapheme clusters and columns.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace parley::ui::screen {

/// The character at the front; U+FFFD of one byte for what is no UTF-8. The text is not empty.
struct CodePoint {
    char32_t code;
    std::size_t bytes;
};
CodePoint first_code_point(std::string_view text);

/// Unicode has such a character.
bool is_assigned(char32_t code);

/// 0 for marks that join the character before them, 2 for wide ones. Terminals count each code point,
/// so a cluster takes the sum of its code points.
int columns_of(char32_t code);
int columns_of(std::string_view text);

/// The front of a text that fits into so many columns.
std::string_view fitting_head(std::string_view text, int columns);

/// Where the cluster before or after a boundary ends: what an arrow key moves over.
std::size_t boundary_before(std::string_view text, std::size_t at);
std::size_t boundary_after(std::string_view text, std::size_t at);

/// A part of a text, in bytes.
struct Span {
    std::size_t begin;
    std::size_t end;

    friend bool operator==(const Span&, const Span&) = default;
};
/// The first place from `from` on that reads like `wanted` but for upper and lower case.
std::optional<Span> find_ignoring_case(std::string_view text, std::string_view wanted, std::size_t from = 0);

}  // namespace parley::ui::screen
