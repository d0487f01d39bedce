// Addresses as people type them: the place, and how it is reached.
#include <algorithm>

#include "identity/link.h"

namespace parley::identity {
namespace {

constexpr std::string_view mark = "://";
constexpr auto wrong =
    "an address is HOST:PORT, [IPV6]:PORT or the relay's own words, as tls://PIN@HOST:PORT; the port from 1 to 65535";

struct Word {
    std::string_view text;
    Transport transport;
    bool web;
};
constexpr Word words[] = {
    {"tcp", Transport::plain, false},
    {"tls", Transport::tls_by_ca, false},
    {"ws", Transport::plain, true},
    {"wss", Transport::tls_by_ca, true},
};

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// 32 digits, lower case: one text per pin.
std::optional<Pin> parse_pin(std::string_view text) {
    Pin pin{};
    if (text.size() != 2 * pin.size()) return std::nullopt;
    for (std::size_t i = 0; i < pin.size(); ++i) {
        const int high = digit_value(text[2 * i]);
        const int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        pin[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return pin;
}

/// What a place means that nothing was said about.
Transport usual(const RelayAddress& address) {
    const bool safe_without = is_on_this_machine(address.host) || is_onion(address.host);
    return safe_without ? Transport::plain : Transport::tls_by_ca;
}

Result<RelayAddress> with_pin(RelayAddress address, std::string_view digits) {
    const auto pin = parse_pin(digits);
    if (!pin) return fail(Errc::bad_input, "a pin has 32 hexadecimal digits, as the relay prints it when it starts");
    if (address.transport == Transport::plain) return fail(Errc::bad_input, "a pin needs TLS: tls://PIN@HOST:PORT");
    address.transport = Transport::tls_pinned;
    address.pin = pin;
    return address;
}

}  // namespace

bool is_on_this_machine(std::string_view host) {
    const bool number = std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return host == "localhost" || host == "::1" || (number && host.starts_with("127."));
}

bool is_onion(std::string_view host) { return host.ends_with(".onion"); }

Result<RelayAddress> parse_address(std::string_view text) {
    const auto at = text.find(mark);
    const auto rest = at == std::string_view::npos ? text : text.substr(at + mark.size());
    const auto pin_end = rest.find('@');
    auto address = parse_place(pin_end == std::string_view::npos ? rest : rest.substr(pin_end + 1));
    if (!address) return fail(Errc::bad_input, wrong);
    if (at == std::string_view::npos) {
        address->transport = pin_end == std::string_view::npos ? usual(*address) : Transport::tls_by_ca;
    } else {
        const auto word = std::ranges::find(words, text.substr(0, at), &Word::text);
        if (word == std::ranges::end(words)) return fail(Errc::bad_input, wrong);
        address->transport = word->transport;
        address->web = word->web;
    }
    if (pin_end == std::string_view::npos) return address;
    return with_pin(std::move(*address), rest.substr(0, pin_end));
}

std::string print(const RelayAddress& address) {
    const auto place = print_place(address);
    if (!address.web && !address.pin && address.transport == usual(address)) return place;
    const bool plain = address.transport == Transport::plain;
    const auto word = std::ranges::find_if(
        words, [&](const Word& one) { return one.web == address.web && (one.transport == Transport::plain) == plain; });
    return std::string(word->text) + std::string(mark) + (address.pin ? to_hex(*address.pin) + "@" : "") + place;
}

}  // namespace parley::identity
