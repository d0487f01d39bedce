#include "net/tls_context.h"

namespace parley::net {
namespace {

/// The hybrid first: what is recorded today stays secret as long as either half holds.
constexpr auto groups = "X25519MLKEM768:X25519:P-256";

/// OpenSSL answers each with a new key and keeps no count. A peer has reason for one in 2^24 records (RFC 9846
/// section 5.5), so that this many are a flood (FAULTS N07).
constexpr std::uintptr_t most_key_updates = 64;

/// Called for each record and each message. Updates are counted where OpenSSL leaves room for a pointer of ours.
void count_key_updates(int sent, int, int type, const void* bytes, std::size_t size, SSL* ssl, void*) {
    if (sent != 0 || type != SSL3_RT_HANDSHAKE || size == 0) return;
    if (*static_cast<const std::uint8_t*>(bytes) != SSL3_MT_KEY_UPDATE) return;
    const auto updates = reinterpret_cast<std::uintptr_t>(SSL_get_ex_data(ssl, 0)) + 1;
    SSL_set_ex_data(ssl, 0, reinterpret_cast<void*>(updates));
    // From here on it throws away what it reads, and says that the connection has ended.
    if (updates > most_key_updates) SSL_set_shutdown(ssl, SSL_RECEIVED_SHUTDOWN);
}

}  // namespace

ContextPtr make_context(const SSL_METHOD* method) {
    ContextPtr made(SSL_CTX_new(method));
    demand(made != nullptr);
    auto* context = made.get();
    demand(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
    demand(SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1);
    demand(SSL_CTX_set1_groups_list(context, groups) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_CLEANSE_PLAINTEXT);
    demand(SSL_CTX_set_num_tickets(context, 0) == 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);  // one system call a record instead of two
    SSL_CTX_set_msg_callback(context, count_key_updates);
    return made;
}

}  // namespace parley::net
