// Strict UTF-8 (RFC 3629), checked where text comes in.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// No overlong forms, no surrogates, nothing above U+10FFFF, nothing cut off.
bool is_valid_utf8(std::string_view text);

/// One code point of Unicode as its one to four bytes.
std::string as_utf8(char32_t code);

}  // namespace parley
