// FAULTS W08, W09, W10, W11: which requests become a connection.
#include <gtest/gtest.h>

#include <regex>

#include "net/websocket.h"

namespace parley::net {
namespace {

const std::string good =
    "GET / HTTP/1.1\r\n"
    "Host: relay.example.org\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "\r\n";

int answer(const std::string& head, const WebRules& rules = {}) { return answer_to(head, rules); }

std::string with(const std::string& field) { return good.substr(0, good.size() - 2) + field + "\r\n\r\n"; }
std::string changed(const std::string& from, const std::string& to) {
    auto head = good;
    head.replace(head.find(from), from.size(), to);
    return head;
}
/// Without the line that begins so.
std::string without(const std::string& name) {
    const auto begin = good.find(name);
    auto head = good;
    return head.erase(begin, head.find("\r\n", begin) + 2 - begin);
}

TEST(WebRequest, is_taken_as_programs_and_browsers_write_it) {
    EXPECT_EQ(answer(good), 101);
    EXPECT_EQ(answer(changed("GET / ", "GET /any/path?query ")), 101);
    EXPECT_EQ(answer(changed("websocket", "WebSocket")), 101);
    EXPECT_EQ(answer(changed("Connection: Upgrade", "connection: keep-alive, Upgrade")), 101);
    EXPECT_EQ(answer(with("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")), 101);
    EXPECT_EQ(answer(with("Cookie: a=b")), 101);
    EXPECT_EQ(answer(with("X-Forwarded-For: 192.0.2.1")), 101);
}

// FAULTS W08
TEST(WebRequest, is_refused_when_something_is_missing) {
    for (const auto* name : {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key"})
        EXPECT_EQ(answer(without(name)), 400) << name;
    EXPECT_EQ(answer(without("Sec-WebSocket-Version")), 426);
    for (const auto* version : {"12", "14", "8", "", "13, 8", "013"}) {
        EXPECT_EQ(answer(changed("Version: 13", std::string("Version: ") + version)), 426) << version;
    }
}

// FAULTS W08
TEST(WebRequest, is_refused_when_something_is_there_twice) {
    EXPECT_EQ(answer(with("Host: other.example.org")), 400);
    EXPECT_EQ(answer(with("Connection: close")), 400);
    EXPECT_EQ(answer(with("Upgrade: h2c")), 400);
    EXPECT_EQ(answer(with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")), 400);
    EXPECT_EQ(answer(with("Sec-WebSocket-Version: 13")), 426);
}

TEST(WebRequest, is_refused_with_a_key_that_is_none) {
    for (const auto* key : {"", "short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
                            "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhb*BsZSBub25jZQ=="}) {
        EXPECT_EQ(answer(changed("dGhlIHNhbXBsZSBub25jZQ==", key)), 400) << key;
    }
}

// FAULTS W08
TEST(WebRequest, is_refused_with_another_first_line) {
    for (const auto* line : {"POST / HTTP/1.1",
                             "HEAD / HTTP/1.1",
                             "get / HTTP/1.1",
                             "CONNECT relay:1 HTTP/1.1",
                             "OPTIONS * HTTP/1.1",
                             "GET / HTTP/1.0",
                             "GET / HTTP/2.0",
                             "GET / HTTP/0.9",
                             "GET /",
                             "GET  / HTTP/1.1",
                             "GET / HTTP/1.1 ",
                             "GET http://relay.example.org/ HTTP/1.1",
                             "GET * HTTP/1.1",
                             "GET relay HTTP/1.1",
                             "GET /\xc3\xa9 HTTP/1.1",
                             " GET / HTTP/1.1",
                             "GET / http/1.1",
                             "GET /\t HTTP/1.1",
                             "PRI * HTTP/2.0",
                             ""}) {
        EXPECT_NE(answer(changed("GET / HTTP/1.1", line)), 101) << line;
    }
}

// FAULTS W09
TEST(WebRequest, is_refused_with_a_body_of_any_kind) {
    for (const auto* field :
         {"Content-Length: 0", "Content-Length: 5", "Content-Length: -1", "Content-Length: 1, 1",
          "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: xchunked", "Content-Length: 5\r\nTransfer-Encoding: chunked",
          "Content-Length: 5\r\nContent-Length: 6", "transfer-encoding:\tchunked", "Content-Length: +5"}) {
        EXPECT_EQ(answer(with(field)), 400) << field;
    }
}

// FAULTS W09
TEST(WebRequest, is_refused_when_two_readers_could_read_it_differently) {
    using namespace std::string_literals;
    for (const auto& field :
         {"X: a\r\n b"s, "X: a\r\n\tb"s, "X : a"s, " X: a"s, "X\t: a"s, "X: a\nY: b"s, "X: a\rY: b"s, "X: a\0b"s, "X"s,
          ": a"s, "X: \x01"s, "X: \x7f"s, "X(: a"s, "X:a\r\n\r\nGET / HTTP/1.1"s}) {
        EXPECT_EQ(answer(with(field)), 400) << field;
    }
    EXPECT_EQ(answer(std::regex_replace(good, std::regex("\r\n"), "\n")), 400);
    EXPECT_EQ(answer(good.substr(0, good.size() - 2)), 400) << "without its end";
    EXPECT_EQ(answer(good + "x"), 400);
    EXPECT_EQ(answer(""), 400);
}

// FAULTS W08
TEST(WebRequest, is_refused_when_it_is_too_large) {
    EXPECT_EQ(answer(with("X: " + std::string(100'000, 'a'))), 431);
    std::string many;
    for (int i = 0; i < 100; ++i) many += "X" + std::to_string(i) + ": a\r\n";
    EXPECT_EQ(answer(with(many + "Y: b")), 431);
}

// FAULTS W10: a browser says which page asks, and the page cannot lie about it.
TEST(WebRequest, of_a_page_is_taken_when_that_page_may) {
    const WebRules rules{{"https://chat.example.org", "http://127.0.0.1:8000"}};
    EXPECT_EQ(answer(with("Origin: https://chat.example.org"), rules), 101);
    EXPECT_EQ(answer(with("Origin: http://127.0.0.1:8000"), rules), 101);
    EXPECT_EQ(answer(good, rules), 101);
    for (const auto* origin :
         {"https://evil.example.org", "http://chat.example.org", "https://chat.example.org:444",
          "https://chat.example.org.evil.org", "https://chat.example.org/", "HTTPS://chat.example.org", "null", ""}) {
        EXPECT_EQ(answer(with(std::string("Origin: ") + origin), rules), 403) << origin;
    }
    EXPECT_EQ(answer(with("Origin: https://chat.example.org\r\nOrigin: https://chat.example.org"), rules), 403);
    EXPECT_EQ(answer(with("Origin: https://chat.example.org")), 403) << "without a list no page may";
}

}  // namespace
}  // namespace parley::net
