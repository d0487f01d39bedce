// Whatever somebody calls a file: the name it gets here is one that every system takes for a name, and for nothing
// else.
#include "client/file_name.h"

#include <cstdlib>

#include "base/bytes.h"
#include "base/utf8.h"

namespace parley::client {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_dangerous(char c) {
    constexpr std::string_view reserved = "<>:\"|?*/\\";
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || reserved.contains(c);
}

void judge(std::string_view name) {
    require(!name.empty() && name.size() <= max_kept_name && is_valid_utf8(name));
    require(std::ranges::none_of(name, is_dangerous));
    constexpr std::string_view misleading_first = ".- ~";
    require(!misleading_first.contains(name.front()) && name.back() != '.' && name.back() != ' ');
}

void claim(std::string_view claimed) {
    const auto name = safe_file_name(claimed);
    judge(name);
    require(safe_file_name(name) == name);
    require(safe_file_name("/a/folder\\" + std::string(claimed)) == name);
    const auto second = numbered_name(name, 2);
    require(second != name && second.size() <= name.size() + 4 && is_valid_utf8(second));
}

}  // namespace
}  // namespace parley::client

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::client::claim(parley::text_of(parley::ByteView(data, size)));
    return 0;
}
