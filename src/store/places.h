// Where profiles are: one file each, and beside the data a witness of how far each has come.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace parley::store {

struct Places {
    std::string profiles;   ///< $XDG_DATA_HOME/parley/profiles
    std::string witnesses;  ///< $XDG_STATE_HOME/parley/witness
};

/// Error: storage, where neither they nor HOME are told.
Result<Places> default_places();

/// 1 to 64 letters, digits, - and _: it becomes the name of a file.
bool is_acceptable_profile_name(std::string_view name);

}  // namespace parley::store
