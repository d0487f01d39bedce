// What every program of ours does to itself before it works (RELAY, process hygiene).
#pragma once

#include "base/time.h"

namespace parley::net {

/// No core dumps, not dumpable, no new privileges, SIGPIPE ignored.
void harden_process();

/// Raises the limit of open files as far as the system allows, and says how far that is.
std::size_t open_file_limit();

/// Keeps what is in memory out of swap. False where the system does not allow so much.
bool lock_memory();
/// Whether memory that is not locked can reach a disk at all.
bool has_swap();

/// The monotonic clock, as the cores count.
Time now();

}  // namespace parley::net
