#include "app/relay_plan.h"

#include <optional>

#include "net/process.h"
#include "net/tcp.h"

namespace parley::app {
namespace {

using settings::Outcome;

constexpr auto needs_tls =
    "listen: beyond this machine the connection needs TLS (tls://, wss://): --insecure does without, and shows "
    "metadata "
    "to the network";
constexpr auto wrong_address =
    "listen: an address is HOST:PORT or [IPV6]:PORT, with tcp://, tls://, ws:// or wss:// before it";

/// HOST:PORT with port 0 allowed: any free one.
std::optional<serve::Address> parse_address(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    std::uint32_t port = 0;
    for (const char c : text.substr(colon + 1)) {
        if (c < '0' || c > '9' || port > 65'535) return std::nullopt;
        port = port * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (host.empty() || port > 65'535) return std::nullopt;
    return serve::Address{host, static_cast<std::uint16_t>(port)};
}

/// Plain on this machine, TLS where others can listen.
net::Scheme usual_scheme(const serve::Address& address, bool insecure) {
    return net::is_loopback(address.host) || insecure ? net::Scheme::tcp : net::Scheme::tls;
}

std::optional<serve::Address> parse_listener(const std::string& text, bool insecure) {
    constexpr std::string_view mark = "://";
    const auto at = text.find(mark);
    if (at == std::string::npos) {
        auto address = parse_address(text);
        if (address) address->scheme = usual_scheme(*address, insecure);
        return address;
    }
    const auto scheme = net::scheme_named(std::string_view(text).substr(0, at));
    auto address = parse_address(text.substr(at + mark.size()));
    if (!scheme || !address) return std::nullopt;
    address->scheme = *scheme;
    return address;
}

Outcome add_listeners(serve::Options& options, const RelaySettings& settings) {
    if (settings.listen.empty()) return std::unexpected("listen: at least one address is needed");
    for (const auto& text : settings.listen) {
        const auto address = parse_listener(text, settings.insecure);
        if (!address) return std::unexpected(wrong_address);
        const bool safe = net::has_tls(address->scheme) || net::is_loopback(address->host);
        if (!safe && !settings.insecure) return std::unexpected(needs_tls);
        options.listen.push_back(*address);
    }
    return {};
}

Outcome add_certificate(serve::Options& options, const RelaySettings& settings) {
    if (!settings.certificate.empty() && settings.key.empty()) {
        return std::unexpected("certificate: its private key is missing: --key FILE");
    }
    options.certificate = {settings.certificate, settings.key};
    options.web.origins = settings.origins;
    return {};
}

/// Numbers about a relay are its operator's: whoever else is to see them gets them from there.
Outcome set_metrics(serve::Options& options, const RelaySettings& settings) {
    if (settings.metrics.empty()) return {};
    options.metrics = parse_address(settings.metrics);
    if (options.metrics && net::is_loopback(options.metrics->host)) return {};
    return std::unexpected("metrics: an address of this machine, as 127.0.0.1:9555");
}

Outcome set_rules(serve::Gate::Rules& rules, const RelaySettings& settings) {
    const auto proxies = net::Networks::parse(settings.trusted_proxy);
    if (!proxies) return std::unexpected("trusted-proxy: a network is ADDRESS/PREFIX, as 10.0.0.0/8 or ::1/128");
    rules.proxies = *proxies;
    rules.loopback = settings.limit_loopback ? serve::Gate::Loopback::limited : serve::Gate::Loopback::free;
    rules.token = net::AccessToken::parse(settings.token_digest);
    if (!rules.token && !settings.token_digest.empty()) {
        return std::unexpected("token-digest: it is the SHA-256 of the token, 64 hexadecimal digits");
    }
    return {};
}

/// Limits that contradict each other would leave one of them without effect.
Outcome check(const relay::Limits& limits) {
    if (limits.not_joined_early > limits.not_joined) return std::unexpected("not-joined-early is above not-joined");
    if (limits.no_newcomers_percent > limits.forget_percent) {
        return std::unexpected("no-newcomers-percent is above forget-percent");
    }
    if (limits.seat_share > limits.room_memory) return std::unexpected("seat-share is above room-memory");
    if (limits.room_memory > limits.total_memory) return std::unexpected("room-memory is above total-memory");
    return {};
}

}  // namespace

std::expected<serve::Options, settings::Complaint> plan_of(const RelaySettings& settings) {
    serve::Options options;
    options.threads = settings.threads;
    options.spin = std::chrono::microseconds(settings.spin);
    options.limits = settings.limits;
    if (auto checked = check(settings.limits); !checked) return std::unexpected(checked.error());
    if (auto set = set_metrics(options, settings); !set) return std::unexpected(set.error());
    if (auto set = set_rules(options.gate, settings); !set) return std::unexpected(set.error());
    if (options.limits.connections == 0) options.limits.connections = relay::most_connections(net::open_file_limit());
    if (auto added = add_listeners(options, settings); !added) return std::unexpected(added.error());
    if (auto added = add_certificate(options, settings); !added) return std::unexpected(added.error());
    return options;
}

std::string print(const serve::Address& address, const std::optional<net::Pin>& pin) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    const auto place = (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
    if (address.scheme == net::Scheme::tcp && net::is_loopback(address.host)) return place;
    const bool pinned = pin && net::has_tls(address.scheme);
    return std::string(net::name_of(address.scheme)) + "://" + (pinned ? to_hex(*pin) + "@" : "") + place;
}

}  // namespace parley::app
