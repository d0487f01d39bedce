// Argon2id (RFC 9106): turns what a person can remember or say into a secret that is slow to guess.
#pragma once

#include "base/secret.h"

namespace parley::crypto {

/// What one guess costs whoever tries. A program never reads it from outside: a peer that chose it
/// could make us use any memory, or none. Tests choose a small one to be quick.
struct PasswordCost {
    std::uint32_t memory_kib = 64 * 1024;  ///< half a second of a phone, and no more than it has
    std::uint32_t passes = 3;              ///< RFC 9106 section 4, second recommended option
    std::uint32_t lanes = 1;               ///< one thread: the cost lies in the memory
};
inline constexpr PasswordCost production_cost{};

struct PasswordInputs {
    ByteView password;
    ByteView salt;  ///< 8 bytes at least
    // RFC 9106 section 3.1: not used here, given so that its vector runs on this very function.
    ByteView secret{};
    ByteView associated_data{};
};

/// Fills `out`, 4 bytes at least. Neither the password nor the working memory stays behind.
void argon2id(const PasswordInputs& inputs, const PasswordCost& cost, MutableBytes out);

/// The hash as a secret of its own kind.
template <class SecretType>
SecretType hash_password(ByteView password, ByteView salt, const PasswordCost& cost = production_cost) {
    return SecretType::filled([&](MutableBytes out) { argon2id({password, salt}, cost, out); });
}

}  // namespace parley::crypto
