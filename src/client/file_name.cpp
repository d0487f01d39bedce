#include "client/file_name.h"

#include <algorithm>
#include <array>

#include "base/characters.h"

namespace parley::client {
namespace {

constexpr std::string_view nameless = "file";
/// An ending longer than this is not one that says how to open a file.
constexpr std::size_t longest_ending = 16;

std::string_view last_component(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return slash == path.npos ? path : path.substr(slash + 1);
}

bool is_kept(char32_t c) {
    constexpr std::u32string_view reserved = U"<>:\"|?*/\\";
    return c != 0xfffd && !is_hidden(c) && !is_noncharacter(c) && !is_odd_space(c) && reserved.find(c) == reserved.npos;
}

std::string with_harmless_characters(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto [code, length] = first_character(text);
        if (is_kept(code)) out += text.substr(0, length);
        else out += '_';
        text.remove_prefix(length);
    }
    return out;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Windows opens a device for these, whatever stands behind the dot.
bool is_device(std::string_view name) {
    std::string stem(name.substr(0, name.find('.')));
    while (stem.ends_with(' ')) stem.pop_back();
    std::ranges::transform(stem, stem.begin(), lower);
    constexpr std::array whole{"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"};
    if (std::ranges::find(whole, stem) != whole.end()) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    constexpr std::array digits{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"};
    return std::ranges::find(digits, stem.substr(3)) != digits.end();
}

struct Parts {
    std::string_view stem;
    std::string_view ending;  ///< with its dot, or nothing
};

Parts parts_of(std::string_view name) {
    const auto dot = name.find_last_of('.');
    const bool has_ending = dot != name.npos && dot > 0 && name.size() - dot <= longest_ending;
    return has_ending ? Parts{name.substr(0, dot), name.substr(dot)} : Parts{name, {}};
}

std::string shortened(std::string_view name) {
    if (name.size() <= max_kept_name) return std::string(name);
    const auto [stem, ending] = parts_of(name);
    auto size = max_kept_name - ending.size();
    // Not in the middle of a character.
    while (size > 0 && (static_cast<unsigned char>(stem[size]) & 0xc0U) == 0x80) --size;
    return std::string(stem.substr(0, size)) + std::string(ending);
}

void drop_blank_end(std::string& name) {
    while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();
}

/// Of a length that is kept, and no dot or blank at its end: there was none, and the cut made none.
std::string fitting(std::string name) {
    drop_blank_end(name);
    name = shortened(name);
    drop_blank_end(name);
    return name;
}

}  // namespace

std::string safe_file_name(std::string_view claimed) {
    auto name = fitting(with_harmless_characters(last_component(claimed)));
    if (name.empty()) return std::string(nameless);
    constexpr std::string_view misleading = ".- ~";
    if (misleading.find(name.front()) != misleading.npos) name.front() = '_';
    return is_device(name) ? fitting("_" + name) : name;
}

std::string numbered_name(std::string_view name, unsigned number) {
    const auto [stem, ending] = parts_of(name);
    return std::string(stem) + " (" + std::to_string(number) + ")" + std::string(ending);
}

}  // namespace parley::client
