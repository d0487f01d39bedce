// What a relay takes from itself once it has all it needs: whoever breaks into it finds no file, no new socket, no
// program and no other process (RELAY, process hygiene).
#pragma once

#include <string>
#include <vector>

namespace parley::sandbox {

/// Whether the kernel does it. Where it cannot, the program says so and goes on.
enum class Fence { stands, missing };

/// No file any more but reading what is in these folders, and no TCP connection or port (Landlock). For this thread and
/// those that it starts later.
Fence confine_files(const std::vector<std::string>& readable_folders);

enum class Opening { none, reading };
/// No system call any more but those that serving takes (seccomp): no socket, program, thread, process or trace; no
/// memory that can be run. For all threads, at once.
Fence confine_calls(Opening opening);

}  // namespace parley::sandbox
