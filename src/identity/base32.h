// Base32 without padding (RFC 4648 section 6), one text per value: what a QR code holds in least room.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"

namespace parley::identity {

std::string to_base32(ByteView bytes);
/// nullopt for a character outside the alphabet, padding, or left-over bits that are not zero.
std::optional<SecretBytes> from_base32(std::string_view text);

}  // namespace parley::identity
