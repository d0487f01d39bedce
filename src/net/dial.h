// The client's way to a relay: through a proxy or not, TLS or not, WebSocket or not.
#pragma once

#include <optional>
#include <string>

#include "net/socks5.h"
#include "net/tls_client.h"
#include "net/transport.h"

namespace parley::net {

struct Target {
    std::string host;
    std::uint16_t port = 0;
    std::optional<Trust> trust{};  ///< none: no TLS
    bool web = false;              ///< frames in WebSocket
    std::optional<Proxy> proxy{};  ///< there is no way around it
};

/// Errors: unreachable, untrusted, with one clear line.
boost::asio::awaitable<Result<TransportPtr>> dial(Target target);

}  // namespace parley::net
