// What a TLS handshake costs with OpenSSL and nothing else: one thread that takes a connection, shakes hands and waits
// for its end. Certificate, groups and modes are the relay's.
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "loopback.h"
#include "net/tls_server.h"

namespace {

void shake_hands(int fd, SSL_CTX& context) {
    parley::bench::send_at_once(fd);
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
    const int listener =
        argc > 1 ? parley::bench::listen_on_loopback(static_cast<std::uint16_t>(std::atoi(argv[1]))) : -1;
    const auto server = parley::net::TlsServer::create({});
    if (listener < 0 || !server) return 1;
    while (true) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) shake_hands(fd, *(*server)->context());
    }
}
