#include "base/bytes.h"

#include <string.h>  // NOLINT: explicit_bzero is not in <cstring>

namespace parley {

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

bool equal_constant_time(ByteView left, ByteView right) {
    if (left.size() != right.size()) return false;
    // volatile: the compiler must not turn the sum of differences into an early exit.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference = static_cast<std::uint8_t>(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}

void wipe(MutableBytes bytes) {
    if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

[[gnu::noinline]] void wipe_stack() {
    FixedBytes<16384> left;
    wipe(left);
}

}  // namespace parley
