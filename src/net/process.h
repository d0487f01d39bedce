// What every program of ours does to itself before it works (RELAY, process hygiene).
#pragma once

#include "base/time.h"

namespace parley::net {

/// No core dumps, not dumpable, no new privileges, SIGPIPE ignored.
void harden_process();

/// The monotonic clock, as the cores count.
Time now();

}  // namespace parley::net
