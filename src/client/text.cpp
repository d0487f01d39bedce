#include "client/text.h"

#include "base/utf8.h"

namespace parley::client {

bool is_acceptable_name(std::string_view name) {
    constexpr std::size_t max_name = 64;
    return !name.empty() && name.size() <= max_name && is_valid_utf8(name);
}

std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == ' ' || c == '\t' || c == '_' || c == '-' || c == '.') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

}  // namespace parley::client
