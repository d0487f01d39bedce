// A TLS 1.3 client of OpenSSL and memory: a test decides which of its bytes leave, in which pieces, and after the
// handshake seals any record it likes, also those that OpenSSL would never send.
#pragma once

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "loopback.h"
#include "net/openssl.h"
#include "net/receive.h"
#include "support/hex.h"

namespace parley::net::test {

/// RFC 9846 section 5.1.
enum class RecordType : std::uint8_t { change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23 };
inline constexpr std::size_t record_header = 5;

inline Bytes record(RecordType type, std::size_t size, ByteView content) {
    Bytes bytes{static_cast<std::uint8_t>(type), 3, 3, static_cast<std::uint8_t>(size >> 8),
                static_cast<std::uint8_t>(size)};
    append(bytes, content);
    return bytes;
}
inline Bytes record(RecordType type, ByteView content) { return record(type, content.size(), content); }

/// What a client's traffic secret comes to: it seals as the client itself would (RFC 9846 sections 5.2, 7.1, 7.3),
/// with AES-128-GCM.
class Sealer {
public:
    explicit Sealer(Bytes secret) : secret_(std::move(secret)) { derive(); }

    /// `padding` zeros stand behind the content and its type.
    Bytes seal(RecordType type, ByteView content, std::size_t padding = 0) {
        auto inner = to_bytes(content);
        inner.push_back(static_cast<std::uint8_t>(type));
        inner.resize(inner.size() + padding);
        return seal_inner(inner);
    }
    /// The next key, as after a KeyUpdate.
    void update() {
        secret_ = expand("traffic upd", 32);
        derive();
    }

private:
    static constexpr std::size_t tag_size = 16;

    Bytes seal_inner(ByteView inner) {
        auto sealed = record(RecordType::application_data, inner.size() + tag_size, {});
        auto nonce = iv_;
        for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(number_ >> (8 * i));
        ++number_;
        Bytes out(inner.size() + tag_size);
        const std::unique_ptr<EVP_CIPHER_CTX, Freeing<EVP_CIPHER_CTX_free>> context(EVP_CIPHER_CTX_new());
        auto* box = context.get();
        int size = 0;
        demand(EVP_EncryptInit_ex(box, EVP_aes_128_gcm(), nullptr, key_.data(), nonce.data()) == 1);
        demand(EVP_EncryptUpdate(box, nullptr, &size, sealed.data(), static_cast<int>(sealed.size())) == 1);
        demand(EVP_EncryptUpdate(box, out.data(), &size, inner.data(), static_cast<int>(inner.size())) == 1);
        demand(EVP_EncryptFinal_ex(box, out.data() + size, &size) == 1);
        demand(EVP_CIPHER_CTX_ctrl(box, EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + inner.size()) == 1);
        append(sealed, out);
        return sealed;
    }

    void derive() {
        key_ = expand("key", 16);
        iv_ = expand("iv", 12);
        number_ = 0;
    }

    Bytes expand(std::string label, std::size_t size) {
        const std::unique_ptr<EVP_KDF, Freeing<EVP_KDF_free>> kind(EVP_KDF_fetch(nullptr, "TLS13-KDF", nullptr));
        const std::unique_ptr<EVP_KDF_CTX, Freeing<EVP_KDF_CTX_free>> context(EVP_KDF_CTX_new(kind.get()));
        int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
        std::string digest = "SHA2-256", prefix = "tls13 ";
        const std::array parameters{
            OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret_.data(), secret_.size()),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PREFIX, prefix.data(), prefix.size()),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL, label.data(), label.size()),
            OSSL_PARAM_construct_end(),
        };
        Bytes out(size);
        demand(EVP_KDF_derive(context.get(), out.data(), size, parameters.data()) == 1);
        return out;
    }

    Bytes secret_;
    Bytes key_;
    Bytes iv_;
    std::uint64_t number_ = 0;
};

/// How a client differs from a good one.
using Shape = std::function<void(SSL_CTX&)>;

/// Bytes in, bytes out.
class RawClient {
public:
    explicit RawClient(const Shape& shape = {}) : context_(SSL_CTX_new(TLS_client_method())) {
        demand(SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION) == 1);
        demand(SSL_CTX_set_ciphersuites(context_.get(), "TLS_AES_128_GCM_SHA256") == 1);
        demand(SSL_CTX_set1_groups_list(context_.get(), "X25519") == 1);
        SSL_CTX_set_keylog_callback(context_.get(), note_secret);
        if (shape) shape(*context_);
        ssl_.reset(SSL_new(context_.get()));
        demand(ssl_ != nullptr);
        SSL_set_app_data(ssl_.get(), this);
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl_.get());
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    SSL& ssl() { return *ssl_; }
    bool has_shaken_hands() const { return SSL_is_init_finished(ssl_.get()) == 1; }

    /// A step of the handshake; what it wants to send.
    Bytes step(ByteView heard = {}) {
        hear(heard);
        ERR_clear_error();
        SSL_do_handshake(ssl_.get());
        return outgoing();
    }
    void hear(ByteView bytes) { BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size())); }
    Bytes outgoing() {
        Bytes bytes(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())));
        if (!bytes.empty()) BIO_read(SSL_get_wbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }
    /// The alert among what it has heard: 0 is an orderly end. None: there is none yet.
    std::optional<int> alert() {
        Bytes buffer(1U << 16U);
        std::size_t size = 0;
        ERR_clear_error();
        while (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size) == 1) {
        }
        if ((SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) == 0) return std::nullopt;
        const int reason = ERR_GET_REASON(ERR_peek_error());
        return reason > SSL_AD_REASON_OFFSET ? reason - SSL_AD_REASON_OFFSET : 0;
    }
    Sealer sealer() const { return Sealer(secret_); }

private:
    static void note_secret(const SSL* ssl, const char* line) {
        const std::string text = line;
        if (!text.starts_with("CLIENT_TRAFFIC_SECRET_0 ")) return;
        static_cast<RawClient*>(SSL_get_app_data(ssl))->secret_ =
            parley::test::from_hex(text.substr(text.rfind(' ') + 1));
    }

    ContextPtr context_;
    SslPtr ssl_;
    Bytes secret_;
};

/// A raw client and a relay's side on two ends of a connection.
class Visit {
public:
    explicit Visit(const Shape& shape = {})
        : client_(shape), ends_(connected_ends(context_)), server_(context_, receive(std::move(ends_.server), how_)) {
        ends_.client.set_option(tcp::no_delay(true));
    }

    RawClient& client() { return client_; }
    void send(ByteView bytes) {
        boost::system::error_code error;  // who has closed already is heard of when it is listened to
        asio::write(ends_.client, asio::buffer(bytes.data(), bytes.size()), error);
    }
    /// Lets the relay's side see what was sent so far.
    void give_turn() {
        context_.restart();
        context_.poll();
    }
    /// What the relay says next; empty: it has closed.
    Bytes hear() { return Outcome<Bytes>(context_, some_of(ends_.client)).wait(); }

    /// True when both have shaken hands. Whatever the client says goes through `carry`.
    using Carry = std::function<void(Visit&, ByteView)>;
    bool shake_hands(const Carry& carry = [](Visit& visit, ByteView bytes) { visit.send(bytes); }) {
        for (std::optional<Bytes> heard;; heard = hear()) {
            const auto said = client_.step(heard.value_or(Bytes{}));
            if (!said.empty()) carry(*this, said);
            if (client_.has_shaken_hands()) return server_.wait().has_value();
            if (heard && heard->empty()) return false;
        }
    }

    /// No more comes from the client.
    void end() { ends_.client.shutdown(tcp::socket::shutdown_send); }
    /// Why the relay served nobody here.
    Errc refusal() { return server_.wait().error().code; }

    /// What arrives of so many bytes; fewer when the connection ends.
    Bytes arrived(std::size_t size) {
        return Outcome<Bytes>(context_, read_bytes(*server_.wait().value().transport, size)).wait();
    }
    /// The alert with which the relay ends the connection.
    std::optional<int> alert() {
        if (server_.is_there() && server_.wait()) {
            arrived(1U << 20U);
            server_.wait().value().transport->close();
        }
        for (auto bytes = hear(); !bytes.empty(); bytes = hear()) client_.hear(bytes);
        return client_.alert();
    }

private:
    static asio::awaitable<Bytes> some_of(tcp::socket& socket) {
        Bytes piece(1U << 16U);
        boost::system::error_code error;
        const auto size =
            co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
        piece.resize(error ? 0 : size);
        co_return piece;
    }

    std::unique_ptr<TlsServer> relay_ = TlsServer::create({}).value();
    Reception how_{Scheme::tls, relay_.get()};
    asio::io_context context_{1};
    RawClient client_;
    Ends ends_;
    Outcome<Result<Received>> server_;
};

}  // namespace parley::net::test
