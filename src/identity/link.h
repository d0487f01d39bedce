// The invitation (PROTOCOL 2.5), frozen:
//
//   parley://HOST:PORT/#BASE64URL(version 1 || flags || secret 32 || pin 16? || token 16? || check 4)
//
// A QR code holds it in upper case, where it takes the least room:
//
//   PARLEY://HOST:PORT/#BASE32(version 1 || ... || check 4)
//
// check = first 4 bytes of SHA-256(all bytes before it || HOST:PORT), of the upper-case form in lower case. What
// follows # never reaches a relay. A damaged link is refused before any network traffic.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "identity/room.h"

namespace parley::identity {

enum class Transport : std::uint8_t { plain = 0, tls_pinned = 1, tls_by_ca = 2 };
using Pin = FixedBytes<16>;  ///< of the relay's key: the first bytes of SHA-256 of its SubjectPublicKeyInfo

/// Where a relay is, and how it is reached.
struct RelayAddress {
    std::string host;  ///< a name, an IPv4 address, or an IPv6 address without its brackets
    std::uint16_t port = 0;
    Transport transport = Transport::plain;
    std::optional<Pin> pin{};  ///< exactly with tls_pinned
    bool web = false;          ///< WebSocket; no link carries it, since clients find out

    friend bool operator==(const RelayAddress&, const RelayAddress&) = default;
};

/// HOST:PORT, [IPV6]:PORT: the place alone. Error: bad_input.
Result<RelayAddress> parse_place(std::string_view text);
std::string print_place(const RelayAddress& address);

/// What a person types, [tcp|tls|ws|wss://][PIN@]HOST:PORT. Without a word: TLS, but on this machine and at .onion
/// addresses, which Tor protects. A pin (32 hexadecimal digits) goes with TLS. Error: bad_input.
Result<RelayAddress> parse_address(std::string_view text);
/// The shortest that parse_address takes for the same.
std::string print(const RelayAddress& address);

bool is_on_this_machine(std::string_view host);
bool is_onion(std::string_view host);

struct Link {
    RelayAddress relay;
    RoomSecret secret;
    std::optional<FixedBytes<16>> token;
};

/// Errors: bad_input (no link at all), damaged_link.
Result<Link> parse_link(std::string_view text);
/// Holds the room secret: whoever reads it is a member.
std::string print(const Link& link);

/// What a camera may bring: a link, or its upper-case form. Errors as parse_link.
Result<Link> parse_scanned_link(std::string_view text);
std::string print_for_qr(const Link& link);

}  // namespace parley::identity
