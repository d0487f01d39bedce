#include "identity/base64url.h"

#include "identity/base_n.h"

namespace parley::identity {
namespace {

constexpr Alphabet alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6};

}  // namespace

std::string to_base64url(ByteView bytes) { return to_text(bytes, alphabet); }
std::optional<SecretBytes> from_base64url(std::string_view text) { return from_text(text, alphabet); }

}  // namespace parley::identity
