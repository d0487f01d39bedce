// For whom a trusted proxy speaks (PROXY protocol, version 2, and X-Forwarded-For).
#include "net/proxy_header.h"

#include <gtest/gtest.h>

#include "base/codec.h"

namespace parley::net {
namespace {

using boost::asio::ip::make_address;

constexpr FixedBytes<12> signature{0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

Bytes header(std::uint8_t command, std::uint8_t family, const Bytes& rest) {
    Bytes out = to_bytes(signature);
    Writer writer(out);
    writer.number(command);
    writer.number(family);
    writer.number(static_cast<std::uint16_t>(rest.size()));
    append(out, rest);
    return out;
}

const Bytes ipv4_rest{10, 1, 2, 3, 127, 0, 0, 1, 0x30, 0x39, 0x15, 0xb3};

Bytes ipv6_rest() {
    Bytes rest(36);
    rest[0] = 0x20;
    rest[15] = 7;
    return rest;
}

Result<std::optional<boost::asio::ip::address>> read(const Bytes& bytes) {
    if (bytes.size() < proxy_header_start) return fail(Errc::truncated, "");
    const auto start = ByteView(bytes).first<proxy_header_start>();
    const auto rest = proxy_header_rest(start);
    if (!rest) return std::unexpected(rest.error());
    if (*rest > bytes.size() - proxy_header_start) return fail(Errc::truncated, "");
    return parse_proxy_header(start, ByteView(bytes).subspan(proxy_header_start, *rest));
}

TEST(ProxyHeader, names_the_client_in_ipv4_and_ipv6) {
    EXPECT_EQ(read(header(0x21, 0x11, ipv4_rest)).value(), make_address("10.1.2.3"));
    EXPECT_EQ(read(header(0x21, 0x21, ipv6_rest())).value(), make_address("2000::7"));
}

TEST(ProxyHeader, may_carry_more_than_addresses) {
    auto rest = ipv4_rest;
    append(rest, Bytes{0x04, 0, 1, 0});
    EXPECT_EQ(read(header(0x21, 0x11, rest)).value(), make_address("10.1.2.3"));
}

TEST(ProxyHeader, of_the_proxy_itself_names_nobody) {
    EXPECT_EQ(read(header(0x20, 0x11, ipv4_rest)).value(), std::nullopt);
    EXPECT_EQ(read(header(0x20, 0x00, {})).value(), std::nullopt);
    EXPECT_EQ(read(header(0x21, 0x00, {})).value(), std::nullopt);
}

TEST(ProxyHeader, of_another_version_command_or_family_is_refused) {
    for (const int command : {0x00, 0x11, 0x22, 0x31, 0xff}) {
        EXPECT_FALSE(read(header(static_cast<std::uint8_t>(command), 0x11, ipv4_rest))) << command;
    }
    for (const int family : {0x10, 0x12, 0x22, 0x31, 0x32, 0xff}) {
        EXPECT_FALSE(read(header(0x21, static_cast<std::uint8_t>(family), Bytes(300)))) << family;
    }
    EXPECT_FALSE(read(to_bytes(bytes_of("PROXY TCP4 10.1.2.3 127.0.0.1 12345 5555\r\n"))));
}

TEST(ProxyHeader, is_2048_bytes_at_most_after_its_start) {
    auto rest = ipv4_rest;
    rest.resize(max_proxy_header_rest);
    EXPECT_TRUE(read(header(0x21, 0x11, rest)));
    rest.push_back(0);
    EXPECT_EQ(read(header(0x21, 0x11, rest)).error(), Errc::too_large);
}

TEST(ProxyHeader, that_is_cut_or_whose_signature_is_damaged_is_refused) {
    for (const auto& [family, rest] :
         {std::pair(std::uint8_t{0x11}, ipv4_rest), std::pair(std::uint8_t{0x21}, ipv6_rest())}) {
        const auto whole = header(0x21, family, rest);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_FALSE(read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))) << size;
        }
        for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
            auto damaged = whole;
            damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            EXPECT_FALSE(read(damaged)) << bit;
        }
        for (std::size_t less = 1; less <= rest.size(); ++less) {
            EXPECT_FALSE(
                read(header(0x21, family, Bytes(rest.begin(), rest.end() - static_cast<std::ptrdiff_t>(less)))));
        }
    }
}

TEST(ProxyLine, names_the_client_as_nginx_sends_it) {
    EXPECT_EQ(parse_proxy_line("PROXY TCP4 10.1.2.3 127.0.0.1 12345 5555\r\n").value(), make_address("10.1.2.3"));
    EXPECT_EQ(parse_proxy_line("PROXY TCP6 2001:db8::1 ::1 12345 5555\r\n").value(), make_address("2001:db8::1"));
    EXPECT_EQ(parse_proxy_line("PROXY UNKNOWN\r\n").value(), std::nullopt);
    EXPECT_EQ(parse_proxy_line("PROXY UNKNOWN ff:: ff:: 1 1\r\n").value(), std::nullopt);
}

TEST(ProxyLine, of_anything_else_is_refused) {
    for (const auto* line :
         {"", "\r\n", "PROXY TCP4 10.1.2.3 127.0.0.1 12345 5555\n", "PROXY TCP4 10.1.2.3 127.0.0.1 12345 5555",
          "PROXY TCP6 10.1.2.3 127.0.0.1 12345 5555\r\n", "PROXY TCP4 ::1 ::1 12345 5555\r\n",
          "PROXY TCP4 10.1.2.3 127.0.0.1 12345\r\n", "PROXY TCP4 10.1.2.3 127.0.0.1 1 2 3\r\n",
          "PROXY  TCP4 10.1.2.3 127.0.0.1 1 2\r\n", "PROXY TCP4 10.1.2 127.0.0.1 1 2\r\n", "GET / HTTP/1.1\r\n",
          "PROXY UDP4 10.1.2.3 127.0.0.1 1 2\r\n"}) {
        EXPECT_FALSE(parse_proxy_line(line)) << line;
    }
}

TEST(ProxyLine, with_a_zero_in_it_is_refused) {
    using namespace std::string_literals;
    EXPECT_FALSE(parse_proxy_line("PROXY TCP4 10.1.2.3\0.4 127.0.0.1 1 2\r\n"s));
}

TEST(ProxyLine, is_107_bytes_at_most) {
    const auto line = [](std::size_t size) { return "PROXY UNKNOWN " + std::string(size - 16, 'x') + "\r\n"; };
    EXPECT_TRUE(parse_proxy_line(line(107)));
    EXPECT_EQ(parse_proxy_line(line(108)).error(), Errc::too_large);
}

TEST(ForwardedFor, is_the_last_address_that_no_trusted_proxy_has) {
    const auto trusted = Networks::parse({"10.0.0.0/8"}).value();
    EXPECT_EQ(forwarded_for("203.0.113.9", trusted), make_address("203.0.113.9"));
    EXPECT_EQ(forwarded_for("203.0.113.9, 10.0.0.2", trusted), make_address("203.0.113.9"));
    EXPECT_EQ(forwarded_for("1.1.1.1, 203.0.113.9,10.0.0.2", trusted), make_address("203.0.113.9"))
        << "1.1.1.1 is only claimed";
    EXPECT_EQ(forwarded_for("10.0.0.3, 10.0.0.2", trusted), make_address("10.0.0.3"));
    EXPECT_EQ(forwarded_for("2001:db8::1", trusted), make_address("2001:db8::1"));
}

TEST(ForwardedFor, that_is_no_list_of_addresses_names_nobody) {
    const auto trusted = Networks::parse({"10.0.0.0/8"}).value();
    for (const auto* text :
         {"", ",", "unknown", "203.0.113.9,", "203.0.113.9:80", "203.0.113.9, _hidden", "1.1.1.1 2.2.2.2"}) {
        EXPECT_EQ(forwarded_for(text, trusted), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace parley::net
