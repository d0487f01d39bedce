// Names people give themselves: what may come in, and what a reader would take for the same.
#pragma once

#include <string>
#include <string_view>

namespace parley::client {

/// 1 to 64 bytes of UTF-8.
bool is_acceptable_name(std::string_view name);

/// Folds what a reader would take for the same name: ASCII case, blanks.
std::string folded(std::string_view name);

}  // namespace parley::client
