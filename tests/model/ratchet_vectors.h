// The frozen vectors of handshake and ratchet: made of seeds, so that whoever follows PROTOCOL 3 gets the same bytes.
#pragma once

#include <string>

namespace parley::ratchet::testing {

/// The whole of tests/vectors/ratchet.json.
std::string ratchet_vectors();

}  // namespace parley::ratchet::testing
