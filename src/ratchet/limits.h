// Limits of the ratchet (PROTOCOL 3.7, 3.9), each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::ratchet {

/// Message keys one message may make us derive and keep. A sender has at most 500 contents
/// outstanding, so an honest gap is shorter; a dishonest one costs O(1).
inline constexpr std::uint32_t max_skip = 1000;

/// Skipped keys kept in a session, the oldest go first: 64 KB of keys at most.
inline constexpr std::size_t max_stored_keys = 2000;

/// A message that has not come for so long has left every relay's memory.
inline constexpr Duration stored_key_life = std::chrono::days{30};

/// Former receiving chains whose headers we still recognise: each costs one trial per unknown body.
inline constexpr std::size_t max_stored_chains = 5;

/// Numbers in a chain stay far below 2^32, so that no sum of two of them wraps.
inline constexpr std::uint32_t message_number_end = 1U << 31U;

/// Headers remembered in order to tell a repeated body from a restored state.
inline constexpr std::size_t max_seen_headers = 1000;

}  // namespace parley::ratchet
