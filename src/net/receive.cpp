#include "net/receive.h"

#include "net/deadline.h"
#include "net/tcp.h"
#include "net/tls_context.h"
#include "net/tls_transport.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto handshake_deadline = std::chrono::seconds(5);

SslPtr make_ssl(const TlsServer& server) {
    const auto context = server.context();
    SslPtr ssl(SSL_new(context.get()));  // it holds the context from here on
    demand(ssl != nullptr);
    SSL_set_accept_state(ssl.get());
    return ssl;
}

asio::awaitable<Result<std::unique_ptr<TlsTransport>>> receive_tls(tcp::socket socket, const TlsServer& server) {
    const auto executor = socket.get_executor();
    auto transport = std::make_unique<TlsTransport>(TcpSocket(std::move(socket)), make_ssl(server));
    const Deadline deadline(executor, handshake_deadline, [&transport] { transport->close(); });
    const auto done = co_await transport->handshake();
    if (!done) co_return std::unexpected(done.error());
    co_return std::move(transport);
}

}  // namespace

asio::awaitable<Result<Received>> receive(tcp::socket socket, const Reception& how) {
    TransportPtr transport;
    bool frames = how.scheme == Scheme::tcp || how.scheme == Scheme::tls;
    if (has_tls(how.scheme)) {
        auto secured = co_await receive_tls(std::move(socket), *how.tls);
        if (!secured) co_return std::unexpected(secured.error());
        frames = frames || (*secured)->protocol() == frames_protocol;
        transport = std::move(*secured);
    } else {
        transport = make_tcp_transport(std::move(socket));
    }
    if (frames) co_return Received{std::move(transport)};
    auto web = co_await accept_web(std::move(transport), how.web);
    co_return web;
}

}  // namespace parley::net
