// Links, addresses and base64url: what is read is written as the same text again.
#include <cstdlib>

#include "crypto/hash.h"
#include "identity/base64url.h"
#include "identity/link.h"

namespace parley::identity {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void read_link(std::string_view text) {
    if (const auto link = parse_link(text)) require(print(*link) == text);
    const auto scanned = parse_scanned_link(text);
    if (scanned) require(print(*scanned) == text || print_for_qr(*scanned) == text);
}

/// The fuzzer cannot guess a hash: this puts the right check behind what it wrote.
std::string with_right_check(std::string_view address, ByteView payload) {
    auto bytes = to_bytes(payload);
    const auto check = crypto::sha256({payload, bytes_of(address)});
    append(bytes, check.view().first(4));
    return "parley://" + std::string(address) + "/#" + to_base64url(bytes);
}

void read_all(std::string_view text) {
    read_link(text);
    if (const auto place = parse_place(text)) require(print_place(*place) == text);
    if (const auto address = parse_address(text)) require(parse_address(print(*address)) == *address);
    if (const auto bytes = from_base64url(text)) require(to_base64url(bytes->reveal()) == text);

    const auto end = std::min(text.find('\0'), text.size());
    read_link(with_right_check(text.substr(0, end), bytes_of(text.substr(std::min(end + 1, text.size())))));
    read_link(with_right_check("relay.example.org:443", bytes_of(text)));
}

}  // namespace
}  // namespace parley::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::identity::read_all(parley::text_of(parley::ByteView(data, size)));
    return 0;
}
