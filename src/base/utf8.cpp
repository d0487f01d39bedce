#include "base/utf8.h"

#include <cstdint>

namespace parley {
namespace {

/// What a lead byte promises: how many bytes in all and the range of the second one. The range is
/// what rules out overlong forms and surrogates (RFC 3629 section 4).
struct Lead {
    std::size_t length;
    std::uint8_t second_low = 0x80;
    std::uint8_t second_high = 0xbf;
};

Lead lead_of(std::uint8_t byte) {
    if (byte < 0x80) return {1};
    if (byte < 0xc2 || byte > 0xf4) return {0};
    if (byte == 0xe0) return {3, 0xa0, 0xbf};
    if (byte == 0xed) return {3, 0x80, 0x9f};
    if (byte == 0xf0) return {4, 0x90, 0xbf};
    if (byte == 0xf4) return {4, 0x80, 0x8f};
    return {byte < 0xe0 ? std::size_t{2} : byte < 0xf0 ? std::size_t{3} : std::size_t{4}};
}

/// Length of the character at the front; 0 when there is none.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto lead = lead_of(byte(0));
    if (lead.length == 0 || lead.length > text.size()) return 0;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto low = i == 1 ? lead.second_low : 0x80;
        const auto high = i == 1 ? lead.second_high : 0xbf;
        if (byte(i) < low || byte(i) > high) return 0;
    }
    return lead.length;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = character_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string as_utf8(char32_t code) {
    if (code < 0x80) return {static_cast<char>(code)};
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | (code >> shift & 0x3fU)); };
    if (code < 0x800) return {static_cast<char>(0xc0U | code >> 6U), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xe0U | code >> 12U), tail(6), tail(0)};
    return {static_cast<char>(0xf0U | code >> 18U), tail(12), tail(6), tail(0)};
}

}  // namespace parley
