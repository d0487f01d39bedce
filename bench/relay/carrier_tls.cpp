// TLS 1.3 as a client of Parley offers it, but for trust: the relay of a benchmark is nobody's.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <stdexcept>

#include "carrier.h"

namespace parley::bench {
namespace {

SSL_CTX* context() {
    static SSL_CTX* const made = [] {
        auto* fresh = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(fresh, TLS1_3_VERSION);
        SSL_CTX_set1_groups_list(fresh, "X25519MLKEM768:X25519:P-256");
        SSL_CTX_set_mode(fresh, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        static constexpr unsigned char protocol[] = "\x08parley/1";
        SSL_CTX_set_alpn_protos(fresh, protocol, sizeof protocol - 1);
        return fresh;
    }();
    return made;
}

class TlsCarrier final : public Carrier {
public:
    explicit TlsCarrier(int fd) : Carrier(fd), ssl_(SSL_new(context())) {
        SSL_set_fd(ssl_, fd);
        if (SSL_connect(ssl_) == 1) return;
        SSL_free(ssl_);
        throw std::runtime_error("the TLS handshake failed");
    }
    ~TlsCarrier() override {
        SSL_shutdown(ssl_);
        SSL_free(ssl_);
    }

    ssize_t read(std::span<std::uint8_t> into) override {
        return move_all(into.size(), [&](std::size_t done) {
            return SSL_read(ssl_, into.data() + done, static_cast<int>(into.size() - done));
        });
    }
    ssize_t write(View from) override {
        return move_all(from.size(), [&](std::size_t done) {
            return SSL_write(ssl_, from.data() + done, static_cast<int>(from.size() - done));
        });
    }
    bool has_more() const override { return SSL_has_pending(ssl_) == 1; }

private:
    /// Record after record.
    template <class Step>
    ssize_t move_all(std::size_t size, Step&& step) {
        std::size_t done = 0;
        while (done < size) {
            ERR_clear_error();
            const int moved = step(done);
            if (moved > 0) {
                done += static_cast<std::size_t>(moved);
                continue;
            }
            const int reason = SSL_get_error(ssl_, moved);
            const bool later = reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
            if (done > 0) break;
            errno = EAGAIN;
            return later ? -1 : 0;
        }
        return static_cast<ssize_t>(done);
    }

    SSL* const ssl_;
};

}  // namespace

std::unique_ptr<Carrier> make_tls_carrier(int fd) { return std::make_unique<TlsCarrier>(fd); }

}  // namespace parley::bench
