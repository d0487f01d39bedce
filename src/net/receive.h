// What happens between a listener's accept and the first frame: TLS, WebSocket, both or nothing.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/scheme.h"
#include "net/tls_server.h"
#include "net/transport.h"
#include "net/websocket.h"

namespace parley::net {

struct Reception {
    Scheme scheme = Scheme::tcp;
    const TlsServer* tls = nullptr;  ///< with a scheme that has TLS
    WebRules web{};
};

/// `how` outlives it. Error: closed; whoever cannot be understood, or takes longer than 5 s for a handshake (RELAY,
/// limits), is not served.
boost::asio::awaitable<Result<Received>> receive(boost::asio::ip::tcp::socket socket, const Reception& how);

}  // namespace parley::net
