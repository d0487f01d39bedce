// HKDF-SHA-256 (RFC 5869), extract and expand in one.
#pragma once

#include "base/error.h"
#include "base/secret.h"

namespace parley::crypto {

/// RFC 5869 section 2.3: no more than 255 blocks can be derived.
inline constexpr std::size_t max_hkdf_output = 255 * 32;

/// Fills `out`; `info` is read as one string. Error: too_large beyond max_hkdf_output.
Status hkdf_sha256(ByteView salt, ByteView ikm, Parts info, MutableBytes out);

/// N bytes in one secret to be cut into keys.
template <std::size_t N>
    requires(N <= max_hkdf_output)
Secret<struct HkdfOutputTag, N> hkdf(ByteView salt, ByteView ikm, Parts info) {
    return Secret<struct HkdfOutputTag, N>::filled(
        [&](std::span<std::uint8_t, N> out) { (void)hkdf_sha256(salt, ikm, info, out); });
}

}  // namespace parley::crypto
