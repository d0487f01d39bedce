#include "net/networks.h"

#include <algorithm>
#include <charconv>

namespace parley::net {
namespace {

namespace ip = boost::asio::ip;
using Bytes16 = ip::address_v6::bytes_type;

constexpr unsigned ipv4_begins = 96;  // bits in front of an IPv4 address in its mapped form

Bytes16 bytes_of(const ip::address& address) {
    return (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6()).to_bytes();
}

bool bit(const Bytes16& bytes, unsigned place) { return (bytes[place / 8] >> (7 - place % 8) & 1) != 0; }

bool agree(const Bytes16& a, const Bytes16& b, unsigned prefix) {
    for (unsigned place = 0; place < prefix; ++place) {
        if (bit(a, place) != bit(b, place)) return false;
    }
    return true;
}

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
    const bool good = error == std::errc{} && end == text.data() + text.size() && prefix <= most;
    return good ? std::optional(prefix) : std::nullopt;
}

}  // namespace

std::optional<Networks::Network> Networks::parse_one(const std::string& text) {
    const auto slash = text.find('/');
    boost::system::error_code error;
    const auto address = ip::make_address(text.substr(0, slash), error);
    if (error) return std::nullopt;
    const unsigned most = address.is_v4() ? 32 : 128;
    auto prefix = slash == std::string::npos ? std::optional(most) : parse_prefix(text.substr(slash + 1), most);
    if (!prefix) return std::nullopt;
    if (address.is_v4()) *prefix += ipv4_begins;
    const Network network{bytes_of(address), *prefix};
    for (unsigned place = *prefix; place < 128; ++place) {
        if (bit(network.bytes, place)) return std::nullopt;
    }
    return network;
}

std::optional<Networks> Networks::parse(const std::vector<std::string>& texts) {
    Networks all;
    for (const auto& text : texts) {
        const auto network = parse_one(text);
        if (!network) return std::nullopt;
        all.networks_.push_back(*network);
    }
    return all;
}

bool Networks::contains(const ip::address& address) const {
    const auto bytes = bytes_of(address);
    return std::ranges::any_of(networks_, [&](const auto& it) { return agree(it.bytes, bytes, it.prefix); });
}

}  // namespace parley::net
