// Where fuzzing begins: valid examples of everything that is decoded, written by what encodes it in programs. The same
// on every run, so that a test can tell when those in tests/fuzz/corpus are no longer what programs write.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"

namespace parley::fuzz {

/// By folder and name: TARGET/made-WHAT.
using Seeds = std::map<std::string, Bytes>;

/// Frames, and what stands before the first one: requests, headers of proxies, settings.
void add_seeds_of_the_wire(Seeds& seeds);
/// Identities, handshakes, contents, files and what is saved.
void add_seeds_of_people(Seeds& seeds);

}  // namespace parley::fuzz
