// What happens between a listener's accept and the first frame: TLS, WebSocket, both or nothing.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/deadline.h"
#include "net/scheme.h"
#include "net/tcp_socket.h"
#include "net/tls_server.h"
#include "net/transport.h"
#include "net/websocket.h"

namespace parley::net {

struct Reception {
    Scheme scheme = Scheme::tcp;
    const TlsServer* tls = nullptr;  ///< with a scheme that has TLS
    WebRules web{};
    Duration handshake_deadline = usual_handshake_deadline;
    Duration user_timeout = usual_user_timeout;
};

/// `how` outlives it. Errors: closed (whoever cannot be understood, or takes longer than the deadline for a handshake,
/// is not served), refused (the client has heard who we are, and wants nothing of us).
boost::asio::awaitable<Result<Received>> receive(boost::asio::ip::tcp::socket socket, const Reception& how);

}  // namespace parley::net
