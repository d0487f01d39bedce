#include "app/reach.h"

namespace parley::app {
namespace {

std::optional<net::Trust> trust_in(const identity::RelayAddress& relay) {
    switch (relay.transport) {
        case identity::Transport::plain: return std::nullopt;
        case identity::Transport::tls_pinned: return net::TrustPin{*relay.pin};
        case identity::Transport::tls_by_ca: break;
    }
    return net::TrustAuthorities{};
}

}  // namespace

net::Target target_of(const identity::RelayAddress& relay, const std::optional<net::Proxy>& proxy) {
    return {relay.host, relay.port, trust_in(relay), relay.web, proxy};
}

Status may_reach(const identity::RelayAddress& relay, const Options& options) {
    if (identity::is_onion(relay.host) && !options.proxy) {
        return fail(Errc::bad_input, "an .onion address is reached through Tor: --proxy socks5://127.0.0.1:9050");
    }
    const bool safe = relay.transport != identity::Transport::plain || identity::is_on_this_machine(relay.host) ||
                      identity::is_onion(relay.host);
    if (safe || options.insecure) return {};
    return fail(
        Errc::bad_input,
        "this relay is reached without TLS, so that the network sees what the relay sees: --insecure allows it");
}

std::string no_relay(const identity::RelayAddress& relay, Error why) {
    const std::string end = why.what.ends_with('?') ? "" : ".";
    return (why == Errc::untrusted ? "Not going on with the relay at " : "No relay at ") + identity::print(relay) +
           ": " + std::string(why.what) + end;
}

}  // namespace parley::app
