// A session's state as bytes: canonical, so that equal states are equal bytes. Times become ages.
//
//   version 1 || T || RK || NHKr || turn || receiving? || former chains || skipped keys || seen headers
#pragma once

#include "ratchet/state.h"
#include "ratchet/suite.h"

namespace parley::ratchet {

/// As it is, or with the chain we send in gone on to message `first_free`.
SecretBytes save(const State<Suite>& state, Time now, std::uint32_t first_free = 0);

/// Errors: truncated, trailing, unknown_type, not_canonical, too_large, bad_key.
Result<State<Suite>> restore(ByteView saved, Time now);

}  // namespace parley::ratchet
