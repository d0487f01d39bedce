// base64url without padding (RFC 4648 section 5), one text per value.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"

namespace parley::identity {

std::string to_base64url(ByteView bytes);
/// nullopt for a character outside the alphabet, padding, or left-over bits that are not zero.
std::optional<SecretBytes> from_base64url(std::string_view text);

}  // namespace parley::identity
