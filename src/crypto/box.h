// The committing box (PROTOCOL 3.6) for contents, cards and file chunks.
//
//   salt            = HMAC(secret, label || 16 random bytes || plaintext)[0..16]
//   K || commitment = HKDF(salt, secret, label, 64)
//   boxed           = commitment (32) || AES-256-GCM(K, nonce 0, aad, plaintext) || tag (16)
//
// The salt depends on the plaintext, so that even a copied state together with a dead random
// generator never seals two plaintexts under one key. The commitment is needed because one GCM
// ciphertext can open under two keys (ATTACKS 23).
#pragma once

#include "base/random.h"
#include "crypto/aead.h"
#include "crypto/labels.h"

namespace parley::crypto {

using BoxSecret = FixedView<32>;
using Salt = FixedBytes<16>;

inline constexpr std::size_t commitment_size = 32;
inline constexpr std::size_t box_overhead = commitment_size + tag_size;

Salt box_salt(BoxSecret secret, Label label, ByteView plaintext, Random& random);

/// `out` takes plaintext.size() + box_overhead bytes.
void seal_box(BoxSecret secret, Label label, const Salt& salt, ByteView aad, ByteView plaintext, MutableBytes out);

/// True for a box that was made under this very secret, label and salt; whether it is whole, open_box tells.
bool commits_to(BoxSecret secret, Label label, const Salt& salt, ByteView boxed);

/// `out` takes boxed.size() - box_overhead bytes. Errors: truncated, bad_tag.
Status open_box(BoxSecret secret, Label label, const Salt& salt, ByteView aad, ByteView boxed, MutableBytes out);

}  // namespace parley::crypto
