// The name a received file gets (FAULTS H09): the offerer's claim made harmless on every system.
#pragma once

#include <string>
#include <string_view>

namespace parley::client {

/// Bytes a received file's name may have: leaves room for ".NAME (1000).part" within the 255 of a file system.
inline constexpr std::size_t max_kept_name = 230;

/// A name within a folder, never a path: the last component of the claim; no control, hidden or reserved
/// characters, nothing that begins like an option or a hidden file, no device of Windows. Never empty.
std::string safe_file_name(std::string_view claimed);

/// "name (2).txt": what a file is called when that name is taken.
std::string numbered_name(std::string_view name, unsigned number);

}  // namespace parley::client
