// What a TLS handshake costs with OpenSSL and nothing else: one thread that takes a connection, shakes hands and waits
// for its end. Certificate, groups and modes are the relay's.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "net/tls_server.h"

namespace {

int listen_on_loopback(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    return bound && ::listen(fd, 1024) == 0 ? fd : -1;
}

void shake_hands(int fd, SSL_CTX& context) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL* const ssl = SSL_new(&context);
    SSL_set_fd(ssl, fd);
    char nothing;
    if (SSL_accept(ssl) == 1) SSL_read(ssl, &nothing, 1);
    SSL_free(ssl);
    ::close(fd);
}

}  // namespace

/// relay_handshake_floor PORT: on 127.0.0.1, one connection after the other.
int main(int argc, char** argv) {
    const int listener = argc > 1 ? listen_on_loopback(static_cast<std::uint16_t>(std::atoi(argv[1]))) : -1;
    const auto server = parley::net::TlsServer::create({});
    if (listener < 0 || !server) return 1;
    while (true) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) shake_hands(fd, *(*server)->context());
    }
}
