#include "net/proxy_header.h"

#include "base/codec.h"

namespace parley::net {
namespace {

namespace ip = boost::asio::ip;

// The PROXY protocol, version 2, section 2.2.
constexpr FixedBytes<12> signature{0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
constexpr std::uint8_t version_and_local = 0x20;
constexpr std::uint8_t version_and_proxy = 0x21;
constexpr std::uint8_t unspecified = 0x00;
constexpr std::uint8_t tcp_over_ipv4 = 0x11;
constexpr std::uint8_t tcp_over_ipv6 = 0x21;

struct Start {
    std::uint8_t command;
    std::uint8_t family;
    std::uint16_t rest;
};

std::optional<Start> parse_start(FixedView<proxy_header_start> bytes) {
    Reader in(bytes);
    if (!equal(in.take(signature.size()), signature)) return std::nullopt;
    const auto command = in.number<std::uint8_t>();
    const auto family = in.number<std::uint8_t>();
    const Start start{command, family, in.number<std::uint16_t>()};
    if (command != version_and_local && command != version_and_proxy) return std::nullopt;
    return start;
}

/// Exactly as many words as there are places, one space between them.
bool split_into(std::string_view line, std::span<std::string_view> words) {
    for (auto& word : words) {
        word = line.substr(0, line.find(' '));
        if (word.empty()) return false;
        line.remove_prefix(std::min(line.size(), word.size() + 1));
    }
    return line.empty();
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

}  // namespace

Result<std::size_t> proxy_header_rest(FixedView<proxy_header_start> bytes) {
    const auto start = parse_start(bytes);
    if (!start) return fail(Errc::bad_input, "no PROXY header of version 2");
    if (start->rest > max_proxy_header_rest) return fail(Errc::too_large, "a PROXY header beyond its limit");
    return start->rest;
}

Result<std::optional<ip::address>> parse_proxy_header(FixedView<proxy_header_start> bytes, ByteView rest) {
    const auto start = parse_start(bytes);
    if (!start || start->rest != rest.size()) return fail(Errc::bad_input, "no PROXY header of version 2");
    if (start->command == version_and_local || start->family == unspecified) return std::nullopt;
    Reader in(rest);
    std::optional<ip::address> client;
    if (start->family == tcp_over_ipv4) client = ip::address_v4(in.array<4>());
    if (start->family == tcp_over_ipv6) client = ip::address_v6(in.array<16>());
    if (!client) return fail(Errc::bad_input, "a PROXY header of something else than TCP");
    // The proxy's own address and both ports; what proxies add after them says nothing to us.
    in.take(start->family == tcp_over_ipv4 ? 4 + 2 + 2 : 16 + 2 + 2);
    if (in.failed()) return fail(Errc::truncated, "a PROXY header that ends too early");
    return client;
}

// The PROXY protocol, version 1, section 2.1: PROXY TCP4 CLIENT PROXY PORT PORT.
Result<std::optional<ip::address>> parse_proxy_line(std::string_view line) {
    constexpr std::string_view end = "\r\n";
    if (line.size() > max_proxy_line) return fail(Errc::too_large, "a PROXY line beyond its limit");
    if (!line.ends_with(end)) return fail(Errc::truncated, "a PROXY line that ends too early");
    if (line.contains('\0')) return fail(Errc::bad_input, "no PROXY line");  // an address would seem to end there
    line.remove_suffix(end.size());
    if (line == "PROXY UNKNOWN" || line.starts_with("PROXY UNKNOWN ")) return std::nullopt;
    std::array<std::string_view, 6> words;
    if (!split_into(line, words) || words[0] != "PROXY") return fail(Errc::bad_input, "no PROXY line");
    boost::system::error_code error;
    const auto client = ip::make_address(std::string(words[2]), error);
    const bool agrees = !error && words[1] == (client.is_v4() ? "TCP4" : "TCP6");
    if (!agrees) return fail(Errc::bad_input, "a PROXY line without an address");
    return client;
}

std::optional<ip::address> forwarded_for(std::string_view header, const Networks& trusted) {
    while (true) {
        const auto comma = header.rfind(',');
        const auto last = trim(comma == std::string_view::npos ? header : header.substr(comma + 1));
        boost::system::error_code error;
        const auto address = ip::make_address(std::string(last), error);
        if (error) return std::nullopt;
        if (!trusted.contains(address) || comma == std::string_view::npos) return address;
        header = header.substr(0, comma);
    }
}

}  // namespace parley::net
