#include "net/receive.h"

#include <openssl/err.h>

#include "net/tcp.h"
#include "net/tls_context.h"
#include "net/tls_transport.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

SslPtr new_ssl(SSL_CTX& context) {
    SslPtr ssl(SSL_new(&context));  // it holds the context from here on
    demand(ssl != nullptr);
    SSL_set_accept_state(ssl.get());
    return ssl;
}

/// OpenSSL copies the context's table of certificates for each connection, half a kilobyte of an idle one. Those of a
/// thread share that of the first; those of all could not: a handshake notes there which certificate it shows.
SslPtr make_ssl(const TlsServer& server) {
    thread_local SslPtr first;
    const auto context = server.context();
    if (!first || SSL_get_SSL_CTX(first.get()) != context.get()) first = new_ssl(*context);
    auto ssl = new_ssl(*context);
    demand(SSL_copy_session_id(ssl.get(), first.get()) == 1);
    return ssl;
}

/// Whether the client said so in an alert once it had our hello: mostly, that it does not trust our certificate, as it
/// should where another key is meant. Until then it cost what a handshake costs that comes to its end.
bool has_refused_us(const SSL& ssl) {
    const bool heard_us = SSL_get_current_cipher(&ssl) != nullptr;
    return heard_us && ERR_GET_REASON(ERR_peek_error()) > SSL_AD_REASON_OFFSET;
}

/// As those do who ask whether the port is open, a load balancer among them.
bool has_said_nothing(const SSL& ssl) { return BIO_number_read(SSL_get_rbio(&ssl)) == 0; }

asio::awaitable<Result<std::unique_ptr<TlsTransport>>> receive_tls(tcp::socket socket, const Reception& how) {
    const auto executor = socket.get_executor();
    auto transport = std::make_unique<TlsTransport>(TcpSocket(std::move(socket), how.user_timeout), make_ssl(*how.tls));
    const Deadline deadline(executor, how.handshake_deadline, [&transport] { transport->close(); });
    const auto done = co_await transport->handshake();
    const bool only_looked = !deadline.passed() && has_said_nothing(transport->ssl());
    if (!done && (only_looked || has_refused_us(transport->ssl())))
        co_return fail(Errc::refused, "the client did not want the TLS handshake");
    if (!done) co_return std::unexpected(done.error());
    co_return std::move(transport);
}

}  // namespace

asio::awaitable<Result<Received>> receive(tcp::socket socket, const Reception& how) {
    TransportPtr transport;
    bool frames = how.scheme == Scheme::tcp || how.scheme == Scheme::tls;
    if (has_tls(how.scheme)) {
        auto secured = co_await receive_tls(std::move(socket), how);
        if (!secured) co_return std::unexpected(secured.error());
        frames = frames || (*secured)->protocol() == frames_protocol;
        transport = std::move(*secured);
    } else {
        transport = make_tcp_transport(TcpSocket(std::move(socket), how.user_timeout));
    }
    if (frames) co_return Received{std::move(transport)};
    auto web = co_await accept_web(std::move(transport), how.web, how.handshake_deadline);
    co_return web;
}

}  // namespace parley::net
