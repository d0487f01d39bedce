// HMAC-SHA-256 (RFC 2104, FIPS 198-1).
#pragma once

#include "base/secret.h"

namespace parley::crypto {

/// Writes the 32-byte MAC of the parts, read as one string.
void hmac_sha256(ByteView key, Parts parts, std::span<std::uint8_t, 32> out);

/// The MAC as a secret of its own kind: a chain key, a message key.
template <class SecretType>
SecretType hmac_to(ByteView key, Parts parts) {
    return SecretType::filled([&](std::span<std::uint8_t, 32> out) { hmac_sha256(key, parts, out); });
}

}  // namespace parley::crypto
