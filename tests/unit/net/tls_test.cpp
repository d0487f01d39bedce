// RELAY, listeners; FAULTS 3.5: TLS between a client and a relay, over real sockets.
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <boost/asio/write.hpp>

#include "loopback.h"
#include "net/certificate.h"
#include "net/receive.h"
#include "net/tcp.h"
#include "net/tls_client.h"
#include "support/temporary_folder.h"

namespace parley::net {
namespace {

using namespace test;

using Client = Result<std::unique_ptr<TlsTransport>>;
using Server = Result<Received>;

/// A relay with a key of its own, and one client that comes to it.
struct Meeting {
    explicit Meeting(Scheme scheme = Scheme::tls, const TlsFiles& files = {})
        : relay(TlsServer::create(files).value()), reception{scheme, relay.get()} {}

    void meet(Trust trust, Offer offer = Offer::frames_or_web) {
        auto [ours, theirs] = connected_ends(context);
        server.emplace(context, receive(std::move(theirs), reception));
        client.emplace(context, start_tls(std::move(ours), "relay.example.org", trust, offer));
        client->wait();
    }
    void meet() { meet(TrustPin{relay->pin().value()}); }

    TlsTransport& at_client() { return *client->wait().value(); }
    Transport& at_server() { return *server->wait().value().transport; }

    std::unique_ptr<TlsServer> relay;
    asio::io_context context{1};
    Reception reception;
    std::optional<Outcome<Server>> server;
    std::optional<Outcome<Client>> client;
};

TEST(Tls, carries_megabytes_both_ways) {
    Meeting meeting;
    meeting.meet();
    expect_to_carry(meeting.context, meeting.at_client(), meeting.at_server(), 3U << 20U);
}

// FAULTS N01, N06
TEST(Tls, is_version_1_3_with_the_hybrid_group_and_gives_no_ticket) {
    Meeting meeting;
    meeting.meet();
    auto& ssl = meeting.at_client().ssl();
    EXPECT_EQ(SSL_version(&ssl), TLS1_3_VERSION);
    EXPECT_STREQ(SSL_get0_group_name(&ssl), "X25519MLKEM768");
    expect_to_carry(meeting.context, meeting.at_client(), meeting.at_server(), 1000);  // tickets would have come by now
    EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get0_session(&ssl)), 0);
}

/// PEM files of a key that signs its own certificate.
TlsFiles write_certificate(const parley::test::TemporaryFolder& folder, EVP_PKEY* key, const EVP_MD* digest) {
    TlsFiles files{folder.path("certificate.pem"), folder.path("key.pem")};
    const CertificatePtr certificate(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    EXPECT_GT(X509_sign(certificate.get(), key, digest), 0);
    const BioPtr certificate_file(BIO_new_file(files.certificate.c_str(), "w"));
    const BioPtr key_file(BIO_new_file(files.key.c_str(), "w"));
    EXPECT_EQ(PEM_write_bio_X509(certificate_file.get(), certificate.get()), 1);
    EXPECT_EQ(PEM_write_bio_PrivateKey(key_file.get(), key, nullptr, nullptr, 0, nullptr, nullptr), 1);
    EXPECT_EQ(::chmod(files.key.c_str(), 0600), 0);
    return files;
}

TEST(Tls, is_spoken_with_each_kind_of_certificate) {
    const std::pair<KeyPtr, const EVP_MD*> keys[] = {{KeyPtr(EVP_EC_gen("P-256")), EVP_sha256()},
                                                     {KeyPtr(EVP_EC_gen("P-384")), EVP_sha384()},
                                                     {KeyPtr(EVP_EC_gen("P-521")), EVP_sha512()},
                                                     {KeyPtr(EVP_RSA_gen(2048)), EVP_sha256()},
                                                     {KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), nullptr}};
    for (const auto& [key, digest] : keys) {
        const parley::test::TemporaryFolder folder;
        Meeting meeting(Scheme::tls, write_certificate(folder, key.get(), digest));
        meeting.meet();
        EXPECT_TRUE(meeting.client->wait()) << EVP_PKEY_get0_type_name(key.get());
    }
}

// FAULTS N02
TEST(Tls, refuses_another_key_than_the_pinned_one) {
    Meeting meeting;
    auto pin = meeting.relay->pin().value();
    pin[15] ^= 1;
    meeting.meet(TrustPin{pin});
    EXPECT_EQ(meeting.client->wait().error(), Errc::untrusted);
    EXPECT_EQ(meeting.server->wait().error(), Errc::refused) << "the relay is told, and serves nobody there";
}

// FAULTS N02
TEST(Tls, refuses_a_certificate_that_nobody_vouches_for) {
    Meeting meeting;
    meeting.meet(TrustAuthorities{});
    EXPECT_EQ(meeting.client->wait().error(), Errc::untrusted);
}

/// Twin: a client that asks for no certificate goes on with whoever answers.
TEST(Tls, twin_that_trusts_anybody_goes_on) {
    Meeting meeting;
    auto [ours, theirs] = connected_ends(meeting.context);
    meeting.server.emplace(meeting.context, receive(std::move(theirs), meeting.reception));
    const ContextPtr context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    SslPtr ssl(SSL_new(context.get()));
    SSL_set_connect_state(ssl.get());
    TlsTransport careless(TcpSocket(std::move(ours)), std::move(ssl));
    EXPECT_TRUE(Outcome<Status>(meeting.context, careless.handshake()).wait());
}

TEST(Tls, ends_at_once_with_a_server_that_speaks_something_else) {
    asio::io_context context{1};
    auto [ours, theirs] = connected_ends(context);
    const std::string greeting = "SSH-2.0-OpenSSH_9.2\r\n";
    asio::write(theirs, asio::buffer(greeting));
    Outcome<Client> client(context, start_tls(std::move(ours), "127.0.0.1", TrustAuthorities{}, Offer::web));
    EXPECT_EQ(client.wait().error(), Errc::untrusted);
}

// FAULTS N04
TEST(Tls, tells_a_cut_from_an_end) {
    for (const bool orderly : {true, false}) {
        Meeting meeting;
        meeting.meet();
        auto& server = meeting.at_server();
        auto& client = meeting.at_client();
        if (orderly) server.close();
        else server.detach();  // dropped: FIN without the TLS close
        EXPECT_TRUE(Outcome<Bytes>(meeting.context, read_bytes(client, 1)).wait().empty());
        std::array<std::uint8_t, 16> buffer;
        const auto end = client.read_some(buffer);
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().what, orderly ? "the connection was closed" : "the connection was cut");
    }
}

TEST(Tls, is_carried_to_another_loop_in_the_middle_of_a_stream) {
    Meeting meeting;
    meeting.meet();
    const auto bytes = pattern(100'000);
    Outcome<bool> written(meeting.context, write_all(meeting.at_client(), bytes));
    auto arrived = Outcome<Bytes>(meeting.context, read_bytes(meeting.at_server(), 1)).wait();
    asio::io_context other{1};
    const auto moved = meeting.at_server().detach();
    while (arrived.size() < bytes.size()) {
        meeting.context.restart();
        meeting.context.poll();
        append(arrived, Outcome<Bytes>(other, read_bytes(*moved, 1)).wait());
    }
    EXPECT_EQ(arrived, bytes);
}

TEST(Tls, that_is_closed_says_so_and_touches_no_descriptor) {
    Meeting meeting;
    meeting.meet();
    auto& client = meeting.at_client();
    client.close();
    client.close();
    std::array<std::uint8_t, 4> buffer{};
    const asio::const_buffer piece(buffer.data(), buffer.size());
    EXPECT_EQ(client.read_some(buffer).error(), Errc::closed);
    EXPECT_EQ(client.write_some(std::span(&piece, 1)).error(), Errc::closed);
    EXPECT_FALSE(Outcome<bool>(meeting.context, client.wait_readable()).wait());
}

TEST(Tls, packs_small_pieces_into_one_record) {
    Meeting meeting;
    meeting.meet();
    const Bytes piece(64, 7);
    const std::vector<asio::const_buffer> pieces(400, asio::buffer(piece));
    EXPECT_EQ(meeting.at_client().write_some(pieces).value(), 16'384U);
}

/// `count` key updates, then a byte. How many bytes arrived.
std::size_t arrive_after_key_updates(int count) {
    Meeting meeting;
    meeting.meet();
    auto& ssl = meeting.at_client().ssl();
    for (int i = 0; i < count; ++i) {
        EXPECT_EQ(SSL_key_update(&ssl, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
        EXPECT_EQ(SSL_do_handshake(&ssl), 1);
    }
    const Bytes byte{1};
    Outcome<bool> written(meeting.context, write_all(meeting.at_client(), byte));
    return Outcome<Bytes>(meeting.context, read_bytes(meeting.at_server(), 1)).wait().size();
}

// FAULTS N07
TEST(Tls, follows_key_updates_and_ends_at_a_flood_of_them) {
    EXPECT_EQ(arrive_after_key_updates(30), 1U);
    EXPECT_EQ(arrive_after_key_updates(200), 0U);
}

TEST(Tls, at_a_port_with_both_serves_frames_to_who_asks_for_them) {
    Meeting meeting(Scheme::wss);
    meeting.meet();
    EXPECT_EQ(meeting.at_client().protocol(), "parley/1");
    expect_to_carry(meeting.context, meeting.at_client(), meeting.at_server(), 1000);
}

}  // namespace
}  // namespace parley::net
