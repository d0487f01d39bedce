// What base64url and base32 (RFC 4648) have in common: bits in groups, one character each, no padding.
// Private to identity.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"

namespace parley::identity {

struct Alphabet {
    std::string_view characters;
    unsigned bits;  ///< that one character stands for
};

std::string to_text(ByteView bytes, const Alphabet& alphabet);
/// nullopt for a character outside the alphabet, one too many, or left-over bits that are not zero.
std::optional<SecretBytes> from_text(std::string_view text, const Alphabet& alphabet);

}  // namespace parley::identity
