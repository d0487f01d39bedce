// AES-256-GCM (SP 800-38D): 12-byte nonces and 16-byte tags only.
#pragma once

#include "base/error.h"
#include "base/secret.h"

namespace parley::crypto {

using AeadKey = Secret<struct AeadKeyTag, 32>;
using Nonce = FixedBytes<12>;
inline constexpr std::size_t tag_size = 16;

/// `out` takes the ciphertext and then the tag: plaintext.size() + 16 bytes.
void seal(FixedView<32> key, const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out);

/// `out` takes sealed.size() - 16 bytes, and holds zeros when the tag does not verify.
/// Errors: truncated, bad_tag.
Status open(FixedView<32> key, const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out);

}  // namespace parley::crypto
