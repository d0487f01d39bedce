#include "ui/screen/graphemes.h"

#include <utf8proc.h>

namespace parley::ui::screen {
namespace {

char32_t lower(char32_t code) {
    if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 0x20 : code;
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

/// How many bytes at the front of `text` read like `wanted`.
std::optional<std::size_t> matching_prefix(std::string_view text, std::string_view wanted) {
    std::size_t size = 0;
    while (!wanted.empty()) {
        if (size >= text.size()) return std::nullopt;
        const auto here = first_code_point(text.substr(size));
        const auto there = first_code_point(wanted);
        if (lower(here.code) != lower(there.code)) return std::nullopt;
        size += here.bytes;
        wanted.remove_prefix(there.bytes);
    }
    return size;
}

/// A cluster never needs more context than this to be found from its left.
constexpr std::size_t max_cluster_bytes = 128;

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

CodePoint first_code_point(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return {first, 1};
    utf8proc_int32_t code = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
    if (size <= 0) return {0xfffd, 1};
    return {static_cast<char32_t>(code), static_cast<std::size_t>(size)};
}

bool is_assigned(char32_t code) {
    return code < 0x80 || utf8proc_category(static_cast<utf8proc_int32_t>(code)) != UTF8PROC_CATEGORY_CN;
}

int columns_of(char32_t code) {
    if (code >= 0x20 && code < 0x7f) return 1;
    return utf8proc_charwidth(static_cast<utf8proc_int32_t>(code));
}

int columns_of(std::string_view text) {
    int columns = 0;
    while (!text.empty()) {
        const auto [code, bytes] = first_code_point(text);
        columns += columns_of(code);
        text.remove_prefix(bytes);
    }
    return columns;
}

std::string_view fitting_head(std::string_view text, int columns) {
    std::size_t end = 0;
    while (end < text.size()) {
        const auto [code, bytes] = first_code_point(text.substr(end));
        columns -= columns_of(code);
        if (columns < 0) break;
        end += bytes;
    }
    return text.substr(0, end);
}

std::size_t boundary_after(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    utf8proc_int32_t state = 0;
    auto [before, bytes] = first_code_point(text.substr(at));
    for (at += bytes; at < text.size(); at += bytes) {
        const auto next = first_code_point(text.substr(at));
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                             static_cast<utf8proc_int32_t>(next.code), &state)) {
            break;
        }
        before = next.code;
        bytes = next.bytes;
    }
    return at;
}

std::size_t boundary_before(std::string_view text, std::size_t at) {
    // Clusters are found from the left: begin a little earlier, at a line's start or where no cluster reaches.
    std::size_t start = at > max_cluster_bytes ? at - max_cluster_bytes : 0;
    while (start < at && continues_a_character(text[start])) ++start;
    auto before = start;
    while (start < at) {
        before = start;
        start = boundary_after(text.substr(0, at), start);
    }
    return before;
}

std::optional<Span> find_ignoring_case(std::string_view text, std::string_view wanted, std::size_t from) {
    if (wanted.empty()) return std::nullopt;
    while (from < text.size()) {
        if (const auto size = matching_prefix(text.substr(from), wanted)) return Span{from, from + *size};
        from += first_code_point(text.substr(from)).bytes;
    }
    return std::nullopt;
}

}  // namespace parley::ui::screen
