// What a posted body is: its first byte tells the kind, its size tells nothing but a class.
#pragma once

#include "base/bytes.h"
#include "base/error.h"

namespace parley::ratchet {

/// A chunk of a file (PROTOCOL 4.3) is none of the ratchet's, but the first byte of all bodies is told here.
enum class BodyKind : std::uint8_t { message = 0, init = 1, answer = 2, hello = 3, chunk = 4 };

/// PROTOCOL 4.1: three sizes, so that a size tells an onlooker next to nothing.
inline constexpr std::size_t small_body = 4096;
inline constexpr std::size_t medium_body = 16384;
inline constexpr std::size_t large_body = 65536;

/// PROTOCOL 3.1: both flights of the handshake, and Hello, are of the smallest size.
inline constexpr std::size_t handshake_body = small_body;

/// Errc::truncated for a size that is none of the three (or a handshake body that is not small, a chunk that is not
/// large), Errc::unknown_type for a first byte that names no kind, Errc::not_canonical for a Hello that carries
/// something.
Result<BodyKind> kind_of(ByteView body);

/// "I hold no session with you": asks for an Init (PROTOCOL 3.2, 3.9). It says nothing and proves nothing.
Bytes hello();

}  // namespace parley::ratchet
