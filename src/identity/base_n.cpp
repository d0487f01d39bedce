#include "identity/base_n.h"

namespace parley::identity {

std::string to_text(ByteView bytes, const Alphabet& alphabet) {
    const auto [characters, group] = alphabet;
    const auto mask = (1U << group) - 1;
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const auto byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= group; count -= group) text += characters[bits >> (count - group) & mask];
    }
    if (count > 0) text += characters[bits << (group - count) & mask];
    return text;
}

std::optional<SecretBytes> from_text(std::string_view text, const Alphabet& alphabet) {
    const auto [characters, group] = alphabet;
    SecretBytes bytes(text.size() * group / 8);
    std::size_t written = 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = characters.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << group | static_cast<std::uint32_t>(value);
        count += group;
        if (count < 8) continue;
        count -= 8;
        bytes.writable()[written++] = static_cast<std::uint8_t>(bits >> count);
    }
    // A whole group left over began no byte: the text has a character too many.
    if (count >= group || (bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace parley::identity
