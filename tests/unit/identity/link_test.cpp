// PROTOCOL 2.5: a damaged link is refused before any network traffic.
#include "identity/link.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.h"
#include "identity/base64url.h"
#include "support/damage.h"

namespace parley::identity {
namespace {

RoomSecret secret() {
    return RoomSecret::filled([](auto out) { std::ranges::fill(out, std::uint8_t{0x5a}); });
}

std::string link_text() {
    return print(Link{{"relay.example.org", 443, Transport::tls_pinned, Pin{1}}, secret(), FixedBytes<16>{2}});
}

bool parses(std::string_view text) { return parse_link(text).has_value(); }

/// With the right check behind whatever the rest of it has become; none: it is no link at all.
std::optional<std::string> checked_anew(const std::string& text) {
    const auto hash = text.find("/#");
    if (!text.starts_with("parley://") || hash == std::string::npos) return std::nullopt;
    const auto bytes = from_base64url(std::string_view(text).substr(hash + 2));
    if (!bytes || bytes->size() < 4) return std::nullopt;
    auto payload = to_bytes(bytes->reveal().first(bytes->size() - 4));
    const auto check = crypto::sha256({payload, bytes_of(text.substr(9, hash - 9))});
    append(payload, check.view().first(4));
    return text.substr(0, hash + 2) + to_base64url(payload);
}

/// Twin: as if no check were compared.
bool parses_without_the_check(const std::string& text) {
    const auto checked = checked_anew(text);
    return checked && parses(*checked);
}

/// How many texts with one printable character replaced are taken.
template <class Parses>
std::size_t replacements_taken(Parses parses_text) {
    const auto whole = link_text();
    std::size_t taken = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (char c = ' '; c <= '~'; ++c) {
            auto changed = whole;
            changed[at] = c;
            if (c != whole[at]) taken += parses_text(changed) ? 1 : 0;
        }
    }
    return taken;
}

TEST(Link, comes_back_whole) {
    const auto link = parse_link(link_text()).value();
    EXPECT_EQ(link.relay, (RelayAddress{"relay.example.org", 443, Transport::tls_pinned, Pin{1}}));
    EXPECT_TRUE(equal(link.secret.reveal(), secret().reveal()));
    EXPECT_EQ(link.token, FixedBytes<16>{2});
    EXPECT_EQ(print(link), link_text());
}

// ATTACKS 11
TEST(Link, refuses_every_change_of_one_character) { EXPECT_EQ(replacements_taken(parses), 0U); }

TEST(Link, would_be_caught_without_its_check) { EXPECT_GT(replacements_taken(parses_without_the_check), 1000U); }

/// The second byte of a link's payload: how the relay is reached and whether it wants a token.
std::string with_flags(std::uint8_t flags) {
    const auto whole = link_text();
    const auto hash = whole.find("/#");
    auto payload = to_bytes(from_base64url(std::string_view(whole).substr(hash + 2)).value().reveal());
    payload[1] = flags;
    return checked_anew(whole.substr(0, hash + 2) + to_base64url(payload)).value();
}

TEST(Link, that_asks_for_what_this_version_does_not_know_says_so) {
    for (const auto flags : {std::uint8_t{0x03}, std::uint8_t{0x80}, std::uint8_t{0xff}}) {
        EXPECT_EQ(parse_link(with_flags(flags)).error(), Errc::wrong_version) << int{flags};
    }
}

TEST(Link, refuses_a_character_that_is_missing_added_or_out_of_place) {
    const auto whole = link_text();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        EXPECT_FALSE(parses(whole.substr(0, at))) << "cut at " << at;
        EXPECT_FALSE(parses(std::string(whole).erase(at, 1))) << "missing at " << at;
        EXPECT_FALSE(parses(std::string(whole).insert(at, 1, 'A'))) << "added at " << at;
        auto swapped = whole;
        std::swap(swapped[at], swapped[at + 1 < whole.size() ? at + 1 : 0]);
        EXPECT_FALSE(swapped != whole && parses(swapped)) << "swapped at " << at;
    }
    EXPECT_FALSE(parses(whole + "A"));
}

TEST(Link, refuses_every_flipped_bit_of_every_character) {
    const auto whole = link_text();
    const auto accepts = [](ByteView bytes) { return parses(text_of(bytes)); };
    EXPECT_EQ(test::accepted_damage(bytes_of(whole), accepts), 0U);
}

std::string qr_text() { return print_for_qr(parse_link(link_text()).value()); }

bool scans(std::string_view text) { return parse_scanned_link(text).has_value(); }

TEST(QrLink, is_upper_case_and_comes_back_whole) {
    EXPECT_TRUE(qr_text().starts_with("PARLEY://RELAY.EXAMPLE.ORG:443/#"));
    EXPECT_TRUE(std::ranges::none_of(qr_text(), [](char c) { return c >= 'a' && c <= 'z'; }));
    const auto link = parse_scanned_link(qr_text()).value();
    EXPECT_EQ(print(link), link_text());
    EXPECT_EQ(print_for_qr(link), qr_text());
}

TEST(QrLink, of_a_host_with_capitals_is_of_the_same_room) {
    const Link link{{"Relay.Example.ORG", 443}, secret(), {}};
    const auto scanned = parse_scanned_link(print_for_qr(link)).value();
    EXPECT_EQ(scanned.relay, (RelayAddress{"relay.example.org", 443}));
    EXPECT_TRUE(equal(scanned.secret.reveal(), secret().reveal()));
}

// ATTACKS 11
TEST(QrLink, is_taken_where_a_camera_may_bring_it_and_nowhere_else) {
    EXPECT_TRUE(scans(link_text()));
    EXPECT_FALSE(parses(qr_text()));
}

TEST(QrLink, is_refused_with_any_change) {
    const auto whole = qr_text();
    EXPECT_EQ(test::accepted_damage(bytes_of(whole), [](ByteView bytes) { return scans(text_of(bytes)); }), 0U);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        EXPECT_FALSE(scans(whole.substr(0, at))) << at;
        EXPECT_FALSE(scans(std::string(whole).insert(at, 1, 'A'))) << at;
    }
    EXPECT_FALSE(scans(whole + "A"));
}

TEST(Place, comes_back_as_it_was_written) {
    for (const auto* text : {"localhost:5555", "127.0.0.1:1", "[::1]:65535", "[2001:db8::192.0.2.1]:443",
                             "[90af:AF09::]:1", "a-b_c.d:80", "azAZ09:80"}) {
        EXPECT_EQ(print_place(parse_place(text).value()), text);
    }
    EXPECT_EQ(parse_place("[::1]:443").value(), (RelayAddress{"::1", 443})) << "without its brackets";
}

TEST(Place, refuses_bad_ports) {
    for (const auto* port : {"", "0", "65536", "99999999999", "-1", "+80", "080", " 80", "80 ", "8a", "0x50", "http"}) {
        EXPECT_EQ(parse_place("host:" + std::string(port)).error(), Errc::bad_input) << port;
    }
    EXPECT_EQ(parse_place("host").error(), Errc::bad_input);
}

TEST(Place, refuses_bad_hosts) {
    for (const auto* host : {"", " ", "a b", "a/b", "user@host", "höst", "host\n", "host%20", "#", "?", "\x1b[2J"}) {
        EXPECT_EQ(parse_place(std::string(host) + ":80").error(), Errc::bad_input) << host;
    }
    EXPECT_TRUE(parse_place(std::string(253, 'a') + ":80"));
    EXPECT_FALSE(parse_place(std::string(254, 'a') + ":80"));
}

// One address, one text: brackets where there is a colon and nowhere else.
TEST(Place, refuses_brackets_in_the_wrong_place) {
    for (const auto* text :
         {"::1:80", "[::1:80", "::1]:80", "[]:80", "[abc]:80", "[1.2.3.4]:80", "[[::1]]:80", "[::g]:80"}) {
        EXPECT_EQ(parse_place(text).error(), Errc::bad_input) << text;
    }
}

}  // namespace
}  // namespace parley::identity
