#include "net/tls_client.h"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>

#include "net/certificate.h"
#include "net/deadline.h"
#include "net/tls_context.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;

int has_the_pin(X509_STORE_CTX* offered, void* wanted) {
    const auto* leaf = X509_STORE_CTX_get0_cert(offered);
    const auto& pin = *static_cast<const Pin*>(wanted);
    if (leaf != nullptr && equal_constant_time(pin_of(*leaf), pin)) return 1;
    X509_STORE_CTX_set_error(offered, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

bool is_address(const std::string& host) {
    boost::system::error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

/// `pin` outlives the handshake.
void trust_pin(SSL_CTX& context, Pin& pin) {
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(&context, has_the_pin, &pin);
}

void trust_authorities(SSL_CTX& context, const std::string& host) {
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    // A machine without authorities trusts nobody, and says so when it meets the certificate.
    SSL_CTX_set_default_verify_paths(&context);
    auto* wanted = SSL_CTX_get0_param(&context);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = is_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                                     : X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size());
    demand(set == 1);
}

void offer_protocols(SSL& ssl, Offer offer) {
    std::string names;
    const auto add = [&](std::string_view name) {
        names.push_back(static_cast<char>(name.size()));
        names += name;
    };
    if (offer == Offer::frames_or_web) add(frames_protocol);
    add(web_protocol);
    const auto bytes = bytes_of(names);
    demand(SSL_set_alpn_protos(&ssl, bytes.data(), static_cast<unsigned>(bytes.size())) == 0);
}

void name_host(SSL& ssl, std::string host) {
    demand(SSL_ctrl(&ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1);
}

SslPtr make_ssl(Trust& trust, const std::string& host, Offer offer) {
    const auto context = make_context(TLS_client_method());
    if (auto* pinned = std::get_if<TrustPin>(&trust)) trust_pin(*context, pinned->pin);
    else trust_authorities(*context, host);
    SslPtr ssl(SSL_new(context.get()));  // it holds the context from here on
    demand(ssl != nullptr);
    SSL_set_connect_state(ssl.get());
    if (!is_address(host)) name_host(*ssl, host);
    offer_protocols(*ssl, offer);
    return ssl;
}

Error untrusted(long why) {
    switch (why) {
        case X509_V_ERR_APPLICATION_VERIFICATION:
            return {Errc::untrusted,
                    "another key answers at this address than the relay's: somebody is in between, or the relay has a "
                    "new key and you need a new address or link"};
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return {Errc::untrusted, "the relay's certificate is for another name: check the address"};
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return {Errc::untrusted, "the relay's certificate has expired: whoever runs it has to renew it"};
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return {Errc::untrusted, "the relay's certificate is not valid yet: check this machine's clock"};
        default:
            return {Errc::untrusted,
                    "nobody this machine trusts vouches for the relay's certificate: ask for its address with the pin, "
                    "as tls://PIN@HOST:PORT"};
    }
}

/// What OpenSSL said last, in words for whoever typed the address.
Error reason_of(const SSL& ssl) {
    const int reason = ERR_GET_REASON(ERR_peek_error());
    switch (reason) {
        case SSL_R_CERTIFICATE_VERIFY_FAILED: return untrusted(SSL_get_verify_result(&ssl));
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            return {Errc::untrusted, "what answers at this address speaks no TLS 1.3, which a relay does"};
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
        case SSL_R_RECORD_LAYER_FAILURE:
            return {Errc::untrusted, "what answers at this address does not speak TLS: check the address"};
        default: return {Errc::unreachable, "the connection ended in the middle of the TLS handshake"};
    }
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<TlsTransport>>> start_tls(asio::ip::tcp::socket socket, std::string host,
                                                                 Trust trust, Offer offer) {
    const auto executor = socket.get_executor();
    auto transport = std::make_unique<TlsTransport>(TcpSocket(std::move(socket)), make_ssl(trust, host, offer));
    const Deadline deadline(executor, usual_handshake_deadline, [&transport] { transport->close(); });
    const auto done = co_await transport->handshake();
    if (deadline.passed()) co_return fail(Errc::unreachable, "the relay did not finish the TLS handshake in time");
    if (!done) co_return std::unexpected(reason_of(transport->ssl()));
    co_return std::move(transport);
}

}  // namespace parley::net
