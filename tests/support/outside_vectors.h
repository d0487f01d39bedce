// Where the vectors lie that others made. They are not part of the repository.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace parley::test {

/// The folder PARLEY_VECTORS names, else the one beside the source tree. It may be absent.
inline std::filesystem::path outside_vectors() {
    if (const char* named = std::getenv("PARLEY_VECTORS")) return named;
    return std::filesystem::path(PARLEY_SOURCE_DIR) / ".." / "shared" / "vectors";
}

}  // namespace parley::test
