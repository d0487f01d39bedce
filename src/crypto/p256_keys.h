// Making, importing and exporting P-256 keys, for agreement and for signatures. Private to crypto.
#pragma once

#include "crypto/evp.h"
#include "crypto/p256.h"

namespace parley::crypto {

using SharedScalar = Secret<struct SharedScalarTag, 32>;

/// nullptr unless it is 65 bytes, first byte 04, on the curve.
PkeyPtr import_public(ByteView point);
/// The key that was imported when the point was parsed. A point of our own has none, so that it can
/// be kept without keeping the private key alive with it: it is imported when it is needed.
PkeyPtr key_or_import(const PkeyPtr& key, ByteView point);
/// nullptr unless 0 < scalar < n.
PkeyPtr import_scalar(FixedView<32> scalar);
PkeyPtr generate_key(Random& random);
FixedBytes<65> export_public(const PkeyPtr& key);
SharedScalar export_scalar(const PkeyPtr& key);

}  // namespace parley::crypto
