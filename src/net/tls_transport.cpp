#include "net/tls_transport.h"

#include <openssl/err.h>

namespace parley::net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t record_size = SSL3_RT_MAX_PLAIN_LENGTH;

/// What is gathered for one record; wiped after it, since a frame may name a room.
struct Record {
    std::array<std::uint8_t, record_size> bytes;
    std::size_t size = 0;

    explicit Record(std::span<const asio::const_buffer> from) {
        for (const auto& piece : from) {
            const auto taken = std::min(piece.size(), record_size - size);
            std::copy_n(static_cast<const std::uint8_t*>(piece.data()), taken, bytes.begin() + size);
            size += taken;
            if (size == record_size) break;
        }
    }
    Record(const Record&) = delete;
    Record& operator=(const Record&) = delete;
    ~Record() { wipe(MutableBytes(bytes).first(size)); }
};

/// The peer's part of the key agreement has done its work, and would stay for the life of the connection: with
/// ML-KEM 6 KiB of an idle one.
void forget_key_agreement(SSL& ssl) {
    EVP_PKEY* theirs = nullptr;
    if (SSL_get_peer_tmp_key(&ssl, &theirs) != 1) return;
    EVP_PKEY_set_type(theirs, EVP_PKEY_EC);  // whatever it was: a key that gets a type is empty
    EVP_PKEY_free(theirs);
    ERR_clear_error();
}

}  // namespace

TlsTransport::TlsTransport(TcpSocket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {
    demand(SSL_set_fd(ssl_.get(), socket_.descriptor()) == 1);
}

asio::awaitable<Status> TlsTransport::handshake() {
    while (socket_.is_open()) {
        ERR_clear_error();
        const int outcome = SSL_do_handshake(ssl_.get());
        if (outcome == 1) {
            forget_key_agreement(*ssl_);
            co_return Status{};
        }
        const int reason = SSL_get_error(ssl_.get(), outcome);
        if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) break;
        if (reason == SSL_ERROR_WANT_READ) co_await socket_.wait_readable();
        else co_await socket_.wait_writable();
    }
    co_return fail(Errc::closed, "the TLS handshake failed");
}

std::string_view TlsTransport::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return text_of({name, size});
}

asio::awaitable<bool> TlsTransport::wait_readable() {
    if (!drained_) co_return socket_.is_open();
    const bool readable = co_await socket_.wait_readable();
    co_return readable;
}

asio::awaitable<bool> TlsTransport::wait_writable() {
    bool writable = false;
    if (write_waits_to_read_) writable = co_await socket_.wait_readable();
    else writable = co_await socket_.wait_writable();
    co_return writable;
}

/// As many records as are there: a caller who finds room left knows that there is nothing more now.
Result<std::size_t> TlsTransport::read_some(MutableBytes into) {
    std::size_t total = 0;
    drained_ = false;
    while (total < into.size() && socket_.is_open()) {
        std::size_t size = 0;
        ERR_clear_error();
        const int outcome = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &size);
        if (outcome == 1) {
            total += size;
            continue;
        }
        drained_ = is_for_later(outcome);
        // What came before the end counts; the next call finds the end again.
        if (drained_ || total > 0) return total;
        return std::unexpected(ended(outcome));
    }
    if (!socket_.is_open()) return fail(Errc::closed, "the connection was closed");
    return total;
}

bool TlsTransport::is_for_later(int outcome) const {
    const int reason = SSL_get_error(ssl_.get(), outcome);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
}

/// One record: many small frames share it. OpenSSL wants the same bytes again after a short write, which is what
/// a caller of ours offers.
Result<std::size_t> TlsTransport::write_some(std::span<const asio::const_buffer> from) {
    const Record record(from);
    if (!socket_.is_open()) return fail(Errc::closed, "the connection was closed");
    if (record.size == 0) return std::size_t{0};
    std::size_t size = 0;
    ERR_clear_error();
    const int outcome = SSL_write_ex(ssl_.get(), record.bytes.data(), record.size, &size);
    write_waits_to_read_ = outcome != 1 && SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_WANT_READ;
    if (outcome == 1) return size;
    if (is_for_later(outcome)) return std::size_t{0};
    return std::unexpected(ended(outcome));
}

/// FIN without the TLS close is an end that anybody on the way can make: the frame that was cut is dropped (FAULTS
/// N04).
Error TlsTransport::ended(int outcome) const {
    const bool orderly = SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_ZERO_RETURN;
    return {Errc::closed, orderly ? "the connection was closed" : "the connection was cut"};
}

void TlsTransport::close() {
    if (!socket_.is_open()) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());  // says so, and waits for no answer
    ERR_clear_error();
    socket_.close();
}

TransportPtr TlsTransport::detach() {
    socket_.leave_asio();
    return std::make_unique<TlsTransport>(std::move(socket_), std::move(ssl_));
}

}  // namespace parley::net
