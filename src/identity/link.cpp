#include "identity/link.h"

#include <charconv>

#include "base/codec.h"
#include "crypto/hash.h"
#include "identity/base64url.h"

namespace parley::identity {
namespace {

constexpr std::string_view scheme = "parley://";
constexpr std::string_view fragment = "/#";
constexpr std::uint8_t link_version = 1;
constexpr std::uint8_t transport_bits = 0x03;
constexpr std::uint8_t token_bit = 0x04;

FixedBytes<4> check_of(ByteView payload, std::string_view address) {
    const auto digest = crypto::sha256({payload, bytes_of(address)});
    FixedBytes<4> check;
    std::copy_n(digest.view().begin(), check.size(), check.begin());
    return check;
}

bool is_host_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool is_ipv6_character(char c) {
    return c == ':' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Decimal, 1 to 65535, without leading zeros.
std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || port == 0 || text[0] == '0') return std::nullopt;
    return port;
}

struct Flags {
    Transport transport;
    bool has_token;
};
std::optional<Flags> parse_flags(std::uint8_t flags) {
    const auto transport = static_cast<std::uint8_t>(flags & transport_bits);
    if (transport > 2 || (flags & ~(transport_bits | token_bit)) != 0) return std::nullopt;
    return Flags{static_cast<Transport>(transport), (flags & token_bit) != 0};
}

std::uint8_t flags_of(const Link& link) {
    const auto transport = static_cast<unsigned>(link.transport);
    return static_cast<std::uint8_t>(transport | (link.token ? unsigned{token_bit} : 0U));
}

Result<Link> parse_payload(ByteView bytes, RelayAddress relay, std::string_view address) {
    constexpr auto damaged = "this link is damaged: copy it again, whole";
    if (bytes.size() < 4) return fail(Errc::damaged_link, damaged);
    const auto payload = bytes.first(bytes.size() - 4);
    if (!equal(check_of(payload, address), bytes.last(4))) return fail(Errc::damaged_link, damaged);

    Reader in(payload);
    if (in.number<std::uint8_t>() != link_version) {
        return fail(Errc::wrong_version, "this link is of a newer version: update parley");
    }
    const auto flags = parse_flags(in.number<std::uint8_t>());
    if (!flags) return fail(Errc::wrong_version, "this link asks for what this version does not know: update parley");
    Link link{std::move(relay), RoomSecret(FixedView<32>(in.array<32>())), flags->transport, {}, {}};
    if (flags->transport == Transport::tls_pinned) link.pin = in.array<16>();
    if (flags->has_token) link.token = in.array<16>();
    if (!in.finish()) return fail(Errc::damaged_link, damaged);
    return link;
}

}  // namespace

Result<RelayAddress> parse_address(std::string_view text) {
    constexpr auto wrong = "an address is HOST:PORT or [IPV6]:PORT, the port from 1 to 65535";
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return fail(Errc::bad_input, wrong);
    const auto port = parse_port(text.substr(colon + 1));
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    // Brackets stand around a colon and nowhere else, so that an address has one text.
    const bool one_text = bracketed == host.contains(':');
    const bool good = one_text && !host.empty() && host.size() <= 253 &&
                      std::ranges::all_of(host, bracketed ? is_ipv6_character : is_host_character);
    if (!port || !good) return fail(Errc::bad_input, wrong);
    return RelayAddress{std::string(host), *port};
}

std::string print(const RelayAddress& address) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<Link> parse_link(std::string_view text) {
    constexpr auto none = "a link looks like parley://HOST:PORT/#...";
    if (!text.starts_with(scheme)) return fail(Errc::bad_input, none);
    const auto hash = text.find(fragment);
    if (hash == std::string_view::npos) return fail(Errc::bad_input, none);
    const auto address = text.substr(scheme.size(), hash - scheme.size());
    auto relay = parse_address(address);
    if (!relay) return std::unexpected(relay.error());
    const auto bytes = from_base64url(text.substr(hash + fragment.size()));
    if (!bytes) return fail(Errc::damaged_link, "this link is damaged: copy it again, whole");
    return parse_payload(bytes->reveal(), std::move(*relay), address);
}

std::string print(const Link& link) {
    const auto address = print(link.relay);
    Bytes head{link_version, flags_of(link)};
    SecretBytes payload({head, link.secret.reveal()});
    if (link.pin) payload.append(*link.pin);
    if (link.token) payload.append(*link.token);
    payload.append(check_of(payload.reveal(), address));
    return std::string(scheme) + address + std::string(fragment) + to_base64url(payload.reveal());
}

}  // namespace parley::identity
