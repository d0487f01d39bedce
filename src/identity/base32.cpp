#include "identity/base32.h"

#include "identity/base_n.h"

namespace parley::identity {
namespace {

constexpr Alphabet alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5};

}  // namespace

std::string to_base32(ByteView bytes) { return to_text(bytes, alphabet); }
std::optional<SecretBytes> from_base32(std::string_view text) { return from_text(text, alphabet); }

}  // namespace parley::identity
