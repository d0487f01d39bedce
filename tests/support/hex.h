// Bytes as published vectors print them.
#pragma once

#include <charconv>

#include "base/bytes.h"
#include "base/ensure.h"

namespace parley::test {

inline Bytes from_hex(std::string_view text) {
    Bytes bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto* digits = text.data() + 2 * i;
        ensure(std::from_chars(digits, digits + 2, bytes[i], 16).ptr == digits + 2, "hexadecimal in a test");
    }
    return bytes;
}

template <std::size_t N>
FixedBytes<N> fixed_hex(std::string_view text) {
    const auto bytes = from_hex(text);
    ensure(bytes.size() == N, "a test's bytes have their size");
    FixedBytes<N> fixed;
    std::ranges::copy(bytes, fixed.begin());
    return fixed;
}

}  // namespace parley::test
