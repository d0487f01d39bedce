// Names people give themselves: which a reader would take for the same.
#pragma once

#include <string>
#include <string_view>

namespace parley::client {

/// Folds what a reader would take for the same name: ASCII case, blanks.
std::string folded(std::string_view name);

}  // namespace parley::client
