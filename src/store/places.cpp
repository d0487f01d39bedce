#include "store/places.h"

#include <algorithm>
#include <cstdlib>

namespace parley::store {
namespace {

/// XDG: a folder that is not absolute counts as not told.
std::string base_folder(const char* variable, std::string_view below_home) {
    const auto* told = std::getenv(variable);
    if (told != nullptr && told[0] == '/') return told;
    const auto* home = std::getenv("HOME");
    if (home == nullptr || home[0] != '/') return {};
    return std::string(home) + std::string(below_home);
}

}  // namespace

Result<Places> default_places() {
    const auto data = base_folder("XDG_DATA_HOME", "/.local/share");
    const auto state = base_folder("XDG_STATE_HOME", "/.local/state");
    if (data.empty() || state.empty()) return fail(Errc::storage, "HOME does not say where profiles are");
    return Places{data + "/parley/profiles", state + "/parley/witness"};
}

bool is_acceptable_profile_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits);
}

}  // namespace parley::store
