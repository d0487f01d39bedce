// Requests for WebSocket: what is taken has one reading, and everything else has an answer. FAULTS W09
#include <cstdlib>

#include "net/websocket.h"

namespace parley::net {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void read_request(std::string_view head) {
    const WebRules rules{{"https://chat.example.org"}};
    const int answer = answer_to(head, rules);
    if (answer != 101) return require(answer == 400 || answer == 403 || answer == 426 || answer == 431);
    require(head.starts_with("GET /") && head.ends_with("\r\n\r\n"));
    require(head.find("\r\n\r\n") == head.size() - 4 && !head.contains('\0'));
}

/// The fuzzer need not find the fields that every request has.
std::string with_what_all_have(std::string_view fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(fields) + "\r\n\r\n";
}

}  // namespace
}  // namespace parley::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = parley::text_of(parley::ByteView(data, size));
    parley::net::read_request(text);
    parley::net::read_request(parley::net::with_what_all_have(text));
    return 0;
}
