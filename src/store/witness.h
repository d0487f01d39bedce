// How far a profile has come, kept apart from it: a copy that was put back shows (PROTOCOL 8.3, FAULTS C15).
//
//   witness = generation (u64) || HMAC-SHA-256(HKDF(key salt, key, label), key salt || generation)
#pragma once

#include <optional>

#include "store/envelope.h"

namespace parley::store {

Bytes encode_witness(std::uint64_t generation, const LockedKey& key, const KeySource& source);
/// None: no witness of this profile, or not one that its key made.
std::optional<std::uint64_t> read_witness(ByteView bytes, const LockedKey& key, const KeySource& source);

}  // namespace parley::store
