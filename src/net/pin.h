// Which relay a client means, when no authority vouches for it.
#pragma once

#include "base/bytes.h"

namespace parley::net {

/// First 16 bytes of SHA-256 of the relay's SubjectPublicKeyInfo (DER), as an invitation carries them.
using Pin = FixedBytes<16>;

}  // namespace parley::net
