// PRODUCT, command line: addresses as a relay prints them and as people type them.
#include <gtest/gtest.h>

#include "identity/link.h"

namespace parley::identity {
namespace {

constexpr auto pin_text = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr Pin pin{0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78, 0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2, 0xe1, 0xf0};

RelayAddress parsed(const std::string& text) { return parse_address(text).value(); }

TEST(Address, has_no_tls_on_this_machine_and_has_it_elsewhere) {
    for (const auto* text : {"127.0.0.1:1", "127.8.9.1:1", "localhost:1", "[::1]:1"}) {
        EXPECT_EQ(parsed(text).transport, Transport::plain) << text;
    }
    for (const auto* text : {"192.0.2.1:1", "example.org:1", "[2001:db8::1]:1", "127.example.org:1", "1270:1",
                             "localhost.example.org:1"}) {
        EXPECT_EQ(parsed(text).transport, Transport::tls_by_ca) << text;
    }
}

TEST(Address, at_an_onion_has_what_tor_gives) {
    EXPECT_EQ(parsed("abcdef.onion:1").transport, Transport::plain);
    EXPECT_EQ(parsed("tls://abcdef.onion:1").transport, Transport::tls_by_ca);
    EXPECT_EQ(parsed("onion.example.org:1").transport, Transport::tls_by_ca);
}

TEST(Address, says_with_a_word_how_it_is_reached) {
    EXPECT_EQ(parsed("tcp://example.org:1"), (RelayAddress{"example.org", 1, Transport::plain}));
    EXPECT_EQ(parsed("tls://127.0.0.1:1"), (RelayAddress{"127.0.0.1", 1, Transport::tls_by_ca}));
    EXPECT_EQ(parsed("ws://127.0.0.1:1"), (RelayAddress{"127.0.0.1", 1, Transport::plain, {}, true}));
    EXPECT_EQ(parsed("wss://[::1]:1"), (RelayAddress{"::1", 1, Transport::tls_by_ca, {}, true}));
}

TEST(Address, carries_a_pin_with_tls) {
    const RelayAddress expected{"example.org", 1, Transport::tls_pinned, pin};
    EXPECT_EQ(parsed(std::string("tls://") + pin_text + "@example.org:1"), expected);
    EXPECT_EQ(parsed(std::string(pin_text) + "@example.org:1"), expected);
    EXPECT_EQ(parsed(std::string(pin_text) + "@127.0.0.1:1").transport, Transport::tls_pinned);
    EXPECT_TRUE(parsed(std::string("wss://") + pin_text + "@example.org:1").web);
}

TEST(Address, refuses_a_pin_that_would_not_be_looked_at) {
    for (const auto* scheme : {"tcp://", "ws://"}) {
        EXPECT_EQ(parse_address(std::string(scheme) + pin_text + "@example.org:1").error(), Errc::bad_input);
    }
}

TEST(Address, refuses_what_is_no_pin) {
    const std::string digits = pin_text;
    for (const auto& text : {std::string(), digits.substr(1), digits + "0", digits.substr(1) + "g",
                             digits.substr(1) + "A", digits.substr(1) + " "}) {
        EXPECT_EQ(parse_address("tls://" + text + "@example.org:1").error(), Errc::bad_input) << text;
    }
}

TEST(Address, refuses_what_is_no_place) {
    for (const auto* text : {"", "example.org", "tls://", "tls://example.org", "example.org:", "a b:1"}) {
        EXPECT_EQ(parse_address(text).error(), Errc::bad_input) << text;
    }
}

TEST(Address, refuses_words_it_does_not_know) {
    for (const auto* word : {"", "http", "https", "TLS", "quic", "tls:", "parley"}) {
        EXPECT_EQ(parse_address(std::string(word) + "://example.org:1").error(), Errc::bad_input) << word;
    }
}

TEST(Address, is_printed_as_short_as_it_can_be_read) {
    for (const auto& text :
         {std::string("127.0.0.1:1"), std::string("example.org:1"), std::string("a.onion:1"),
          std::string("tcp://example.org:1"), std::string("tls://127.0.0.1:1"), std::string("ws://[::1]:1"),
          std::string("wss://example.org:1"), std::string("tls://") + pin_text + "@example.org:1",
          std::string("wss://") + pin_text + "@127.0.0.1:1"}) {
        EXPECT_EQ(print(parsed(text)), text);
    }
    EXPECT_EQ(print(parsed("tls://example.org:1")), "example.org:1");
    EXPECT_EQ(print(parsed("tcp://127.0.0.1:1")), "127.0.0.1:1");
}

}  // namespace
}  // namespace parley::identity
