// A profile's file (PROTOCOL 8.2):
//
//   header = "parleypf" || version 1 || key kind (u8) || memory KiB (u32) || passes (u32) || lanes (u32)
//            || key salt (16) || generation (u64)
//   file   = header || check (8) || box salt (16) || commitment (32) || AES-256-GCM ciphertext || tag (16)
//
// check = first 8 bytes of SHA-256(header || box salt || commitment): it tells damage from a wrong passphrase, and
// proves nothing. The box is the one of 3.6: its salt depends on all that is sealed, and what is sealed begins with
// the generation, so that no key and nonce ever meet a second plaintext or a second header.
#pragma once

#include "base/error.h"
#include "base/random.h"
#include "crypto/password.h"
#include "store/locked_key.h"

namespace parley::store {

/// What opens a profile.
struct Unlock {
    enum class Kind : std::uint8_t { passphrase = 1, key_file = 2 };
    Kind kind;
    SecretBytes secret;  ///< the passphrase, or what is in the key file: 32 bytes at least
};

/// Fixed when a profile is made.
struct KeySource {
    Unlock::Kind kind;
    crypto::PasswordCost cost;  ///< all zero for a key file
    FixedBytes<16> salt;
};

/// No file of a profile is larger: what is, is none.
inline constexpr std::size_t max_profile_file = 256U << 20U;

KeySource new_key_source(Unlock::Kind kind, const crypto::PasswordCost& cost, Random& random);
LockedKey derive_key(const Unlock& unlock, const KeySource& source);

/// What a file says in clear.
struct Opening {
    KeySource source;
    std::uint64_t generation;
};
/// Nothing in it is trusted before the box opened, but its cost must be the one that we use ourselves.
/// Errors: damaged, unknown_type (made by a newer version).
Result<Opening> read_opening(ByteView file, const crypto::PasswordCost& expected);

/// Errors: wrong_key, damaged.
Result<SecretBytes> open_file(ByteView file, const LockedKey& key);
Bytes seal_file(const Opening& opening, ByteView contents, const LockedKey& key, Random& random);

}  // namespace parley::store
