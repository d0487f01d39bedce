#include "net/tls_server.h"

#include <ctime>

#include "net/certificate.h"
#include "net/tls_context.h"

namespace parley::net {
namespace {

/// One for each kind of certificate that a relay may have. What a client offers beside them would be kept for each
/// connection.
constexpr auto signatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:RSA-PSS+SHA256:rsa_pss_pss_sha256:?mldsa44:?mldsa65:?mldsa87";

Result<Credentials> first_credentials(const TlsFiles& files) {
    if (!files.certificate.empty()) return load_credentials(files.certificate, files.key);
    if (!files.key.empty()) return kept_credentials(files.key);
    return make_credentials();
}

/// A key that has gone meanwhile is not made anew: everybody would have to be told another pin.
Result<Credentials> next_credentials(const TlsFiles& files) {
    if (!files.certificate.empty()) return load_credentials(files.certificate, files.key);
    return read_own_credentials(files.key);
}

/// Parley's own protocol where a client offers it, HTTP for the others; a client that offers neither is not told.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr std::string_view ours = "\x08parley/1\x08http/1.1";
    unsigned char* found = nullptr;
    const auto known = bytes_of(ours);
    const int outcome =
        SSL_select_next_proto(&found, size, known.data(), static_cast<unsigned>(known.size()), offered, offered_size);
    if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

ContextPtr make_server_context(const Credentials& credentials) {
    auto made = make_context(TLS_server_method());
    auto* context = made.get();
    demand(SSL_CTX_set1_sigalgs_list(context, signatures) == 1);
    demand(SSL_CTX_use_certificate(context, credentials.certificate.get()) == 1);
    demand(SSL_CTX_use_PrivateKey(context, credentials.key.get()) == 1);
    for (const auto& signer : credentials.chain) demand(SSL_CTX_add1_chain_cert(context, signer.get()) == 1);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return made;
}

}  // namespace

TlsServer::State TlsServer::make_state(const Credentials& credentials) {
    State state{make_server_context(credentials), {}};
    if (is_self_signed(*credentials.certificate)) state.pin = pin_of(*credentials.certificate);
    return state;
}

Result<std::unique_ptr<TlsServer>> TlsServer::create(TlsFiles files) {
    const auto credentials = first_credentials(files);
    if (!credentials) return std::unexpected(credentials.error());
    return std::unique_ptr<TlsServer>(new TlsServer(std::move(files), make_state(*credentials)));
}

Status TlsServer::reload() {
    if (files_.key.empty()) return {};  // there is nothing to read, and clients know the key we have
    const auto credentials = next_credentials(files_);
    if (!credentials) return std::unexpected(credentials.error());
    auto fresh = make_state(*credentials);
    const std::lock_guard lock(mutex_);
    state_ = std::move(fresh);
    return {};
}

std::optional<Pin> TlsServer::pin() const {
    const std::lock_guard lock(mutex_);
    return state_.pin;
}

std::int64_t TlsServer::expires() const {
    const auto in_use = context();
    std::tm time{};
    demand(ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(in_use.get())), &time) == 1);
    return ::timegm(&time);
}

std::shared_ptr<ssl_ctx_st> TlsServer::context() const {
    const std::lock_guard lock(mutex_);
    return state_.context;
}

}  // namespace parley::net
