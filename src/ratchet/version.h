// The suite of PROTOCOL 1. There is one; its number is in every transcript and every AAD.
#pragma once

#include "base/bytes.h"

namespace parley::ratchet {

inline constexpr FixedBytes<1> version_byte{1};

}  // namespace parley::ratchet
