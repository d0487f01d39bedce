#include "identity/link.h"

#include <algorithm>
#include <charconv>

#include "base/codec.h"
#include "crypto/hash.h"
#include "identity/base32.h"
#include "identity/base64url.h"

namespace parley::identity {
namespace {

constexpr std::string_view scheme = "parley://";
constexpr std::string_view upper_scheme = "PARLEY://";
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
    const auto transport = static_cast<unsigned>(link.relay.transport);
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
    Link link{std::move(relay), RoomSecret(FixedView<32>(in.array<32>())), {}};
    link.relay.transport = flags->transport;
    if (flags->transport == Transport::tls_pinned) link.relay.pin = in.array<16>();
    if (flags->has_token) link.token = in.array<16>();
    if (!in.finish()) return fail(Errc::damaged_link, damaged);
    return link;
}

}  // namespace

Result<RelayAddress> parse_place(std::string_view text) {
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

std::string print_place(const RelayAddress& address) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

namespace {

constexpr auto damaged_link = "this link is damaged: copy it again, whole";
constexpr auto no_link = "a link looks like parley://HOST:PORT/#...";

/// A link cut at its marks.
struct LinkText {
    std::string_view address;
    std::string_view payload;
};
std::optional<LinkText> cut(std::string_view text, std::string_view wanted_scheme) {
    if (!text.starts_with(wanted_scheme)) return std::nullopt;
    const auto hash = text.find(fragment);
    if (hash == std::string_view::npos) return std::nullopt;
    return LinkText{text.substr(wanted_scheme.size(), hash - wanted_scheme.size()),
                    text.substr(hash + fragment.size())};
}

/// All that a link carries behind #, with the check that fits this address.
SecretBytes payload_of(const Link& link, std::string_view address) {
    const Bytes head{link_version, flags_of(link)};
    SecretBytes payload({head, link.secret.reveal()});
    if (link.relay.pin) payload.append(*link.relay.pin);
    if (link.token) payload.append(*link.token);
    payload.append(check_of(payload.reveal(), address));
    return payload;
}

std::string with_case(std::string_view text, char first, char last) {
    std::string changed(text);
    for (auto& c : changed) {
        if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
    }
    return changed;
}
std::string lower(std::string_view text) { return with_case(text, 'A', 'Z'); }
std::string upper(std::string_view text) { return with_case(text, 'a', 'z'); }

}  // namespace

Result<Link> parse_link(std::string_view text) {
    const auto parts = cut(text, scheme);
    if (!parts) return fail(Errc::bad_input, no_link);
    auto relay = parse_place(parts->address);
    if (!relay) return std::unexpected(relay.error());
    const auto bytes = from_base64url(parts->payload);
    if (!bytes) return fail(Errc::damaged_link, damaged_link);
    return parse_payload(bytes->reveal(), std::move(*relay), parts->address);
}

Result<Link> parse_scanned_link(std::string_view text) {
    const auto parts = cut(text, upper_scheme);
    if (!parts) return parse_link(text);
    const auto address = lower(parts->address);
    auto relay = parse_place(address);
    if (!relay) return std::unexpected(relay.error());
    const auto bytes = from_base32(parts->payload);
    // One text per link here too: all of it in upper case.
    if (!bytes || upper(address) != parts->address) return fail(Errc::damaged_link, damaged_link);
    return parse_payload(bytes->reveal(), std::move(*relay), address);
}

std::string print(const Link& link) {
    const auto address = print_place(link.relay);
    return std::string(scheme) + address + std::string(fragment) + to_base64url(payload_of(link, address).reveal());
}

std::string print_for_qr(const Link& link) {
    const auto address = lower(print_place(link.relay));
    return std::string(upper_scheme) + upper(address) + std::string(fragment) +
           to_base32(payload_of(link, address).reveal());
}

}  // namespace parley::identity
