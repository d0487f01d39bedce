#include "identity/base32.h"

namespace parley::identity {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::string to_base32(ByteView bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const auto byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 5; count -= 5) text += alphabet[bits >> (count - 5) & 31U];
    }
    if (count > 0) text += alphabet[bits << (5 - count) & 31U];
    return text;
}

std::optional<SecretBytes> from_base32(std::string_view text) {
    SecretBytes bytes(text.size() * 5 / 8);
    std::size_t written = 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 5U | static_cast<std::uint32_t>(value);
        count += 5;
        if (count < 8) continue;
        count -= 8;
        bytes.writable()[written++] = static_cast<std::uint8_t>(bits >> count);
    }
    // Five bits left over began no byte: the text has a character too many.
    if (count >= 5 || (bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace parley::identity
