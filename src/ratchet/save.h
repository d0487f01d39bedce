// A session's state as bytes: canonical, so that equal states are equal bytes. Times become ages.
//
//   version 1 || T || RK || NHKr || turn || receiving? || former chains || skipped keys || seen headers
#pragma once

#include "ratchet/state.h"
#include "ratchet/suite.h"

namespace parley::ratchet {

SecretBytes save(const State<Suite>& state, Time now);

/// Errors: truncated, trailing, unknown_type, not_canonical, too_large, bad_key.
Result<State<Suite>> restore(ByteView saved, Time now);

}  // namespace parley::ratchet
