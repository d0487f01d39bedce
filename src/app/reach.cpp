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
    if (why == Errc::untrusted) return "Not going on with the relay at " + identity::print(relay) + ".";
    return "No relay at " + identity::print(relay) + ": check the address, or start one there with parley-relay.";
}

}  // namespace parley::app
