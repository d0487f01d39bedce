// The words of spoken codes: 1,296 = 6^4, so that three of them carry 31 bits and dice can draw them.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace parley::identity {

inline constexpr std::size_t word_count = 1296;
/// So many first letters tell every word from every other.
inline constexpr std::size_t unique_prefix = 3;

/// Sorted; 3 to 7 letters of a to z.
const std::array<std::string_view, word_count>& words();

/// What a person may be about to type: all words that begin so, none, or the only one.
std::span<const std::string_view> words_beginning_with(std::string_view prefix);

/// The number of a word, given whole or by its first three letters or more.
std::optional<std::size_t> find_word(std::string_view text);

}  // namespace parley::identity
