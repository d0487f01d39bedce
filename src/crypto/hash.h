// SHA-2 (FIPS 180-4).
#pragma once

#include "base/bytes.h"
#include "base/id.h"

namespace parley::crypto {

/// A public digest: it compares and prints.
using Digest256 = Id<struct Digest256Tag, 32>;

Digest256 sha256(Parts parts);
FixedBytes<64> sha512(Parts parts);

}  // namespace parley::crypto
