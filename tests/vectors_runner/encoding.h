// The encodings that vectors come in and that Parley itself does not speak. All are read strictly:
// a second encoding of a value is refused.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "vectors_runner/judge.h"

namespace parley::vectors {

/// The hexadecimal field of this name. Throws when it is absent or not hexadecimal.
Bytes hex_field(const Json& object, const char* name);

/// A number as 32 bytes, whatever zeros the vector leads it with; nullopt when it is larger.
std::optional<FixedBytes<32>> number32(ByteView big_endian);

/// 04 || x || y of a JWK on P-256 (RFC 7518 section 6.2).
std::optional<Bytes> point_of_jwk(const Json& jwk);
std::optional<FixedBytes<32>> scalar_of_jwk(const Json& jwk);

/// The point in a SubjectPublicKeyInfo of P-256 (RFC 5480 section 2).
std::optional<Bytes> point_of_spki(ByteView der);

/// r || s of an ECDSA-Sig-Value (RFC 3279 section 2.2.3), each in 32 bytes.
std::optional<FixedBytes<64>> signature_of_der(ByteView der);

}  // namespace parley::vectors
