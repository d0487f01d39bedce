// Limits of the wire format itself: both ends refuse what lies beyond, before they allocate.
#pragma once

#include <cstddef>
#include <cstdint>

namespace parley::wire {

/// Version that a Join names. Another one is refused.
inline constexpr std::uint8_t protocol_version = 1;

/// Bytes of a sealed body: the largest padding class (PROTOCOL 4.1).
inline constexpr std::size_t max_body = 65'536;

/// Bytes of a sealed card: 1,024 padded and the box around them, with room to grow.
inline constexpr std::size_t max_card = 2'048;

/// Bytes of the length in front of each frame.
inline constexpr std::size_t length_size = 4;

/// Bytes of the fields of any frame beside a body: type, number, two seats and flags at most.
inline constexpr std::size_t max_fields = 256;

/// What a length may say. One more is a protocol error, found before anything is allocated.
inline constexpr std::size_t max_frame = max_body + max_fields;

}  // namespace parley::wire
