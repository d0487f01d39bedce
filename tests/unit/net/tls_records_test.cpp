// FAULTS N03, N05, N07: what a TLS client sends that no good one would, record by record, and what the relay says to
// it.
#include "net/certificate.h"
#include "raw_tls.h"

namespace parley::net {
namespace {

using namespace test;
using enum RecordType;

// Alerts (RFC 9846 section 6).
constexpr int unexpected_message = 10, record_overflow = 22, handshake_failure = 40, illegal_parameter = 47;

constexpr std::size_t most_content = 1U << 14U;

ByteView body_of(ByteView one_record) { return one_record.subspan(record_header); }

/// The alert with which a relay answers these first bytes; none: it answers with its own hello.
std::optional<int> alert_for_hello(ByteView bytes) {
    Visit visit;
    visit.send(bytes);
    const auto answer = visit.hear();
    if (answer.size() <= record_header || answer[0] == static_cast<std::uint8_t>(handshake)) return std::nullopt;
    EXPECT_EQ(answer[0], static_cast<std::uint8_t>(alert));
    return answer[record_header + 1];
}
std::optional<int> alert_for(const Shape& shape) { return alert_for_hello(RawClient(shape).step()); }

Shape with_groups(const char* groups) {
    return [groups](SSL_CTX& context) { demand(SSL_CTX_set1_groups_list(&context, groups) == 1); };
}

// FAULTS N03
TEST(TlsRecords, n03_groups_that_nobody_should_use_are_refused) {
    for (const auto* groups : {"ffdhe2048", "P-384", "P-521", "X448"}) {
        EXPECT_EQ(alert_for(with_groups(groups)), handshake_failure) << groups;
    }
    for (const auto* groups : {"X25519MLKEM768", "X25519", "P-256"}) {
        EXPECT_EQ(alert_for(with_groups(groups)), std::nullopt) << groups;
    }
}

TEST(TlsRecords, n03_of_weak_and_strong_groups_a_strong_one_is_taken) {
    Visit visit(with_groups("ffdhe2048:P-384:P-256"));
    ASSERT_TRUE(visit.shake_hands());
    EXPECT_STREQ(SSL_get0_group_name(&visit.client().ssl()), "secp256r1");
}

/// A hello that offers this one way to sign.
Bytes hello_with_signature(Bytes algorithm) {
    auto hello =
        RawClient([](SSL_CTX& context) { demand(SSL_CTX_set1_sigalgs_list(&context, "ECDSA+SHA256") == 1); }).step();
    static constexpr FixedBytes<8> extension{0, 13, 0, 4, 0, 2, 4, 3};
    const auto found = std::ranges::search(hello, extension);
    EXPECT_EQ(found.size(), extension.size());
    std::ranges::copy(algorithm, found.end() - 2);
    return hello;
}

// FAULTS N03
TEST(TlsRecords, n03_signatures_that_nobody_should_use_are_refused) {
    const Bytes ecdsa_sha1{2, 3}, rsa_sha1{2, 1}, rsa_sha256{4, 1}, rsa_pss_sha256{8, 4}, dsa_sha256{4, 2};
    for (const auto& algorithm : {ecdsa_sha1, rsa_sha1, rsa_sha256, rsa_pss_sha256, dsa_sha256}) {
        EXPECT_EQ(alert_for_hello(hello_with_signature(algorithm)), handshake_failure) << int{algorithm[0]};
    }
    const Bytes ecdsa_sha256{4, 3};
    EXPECT_EQ(alert_for_hello(hello_with_signature(ecdsa_sha256)), std::nullopt);
}

/// Where a hello names its methods of compression: behind version, random, session and ciphers.
std::size_t compression_of(ByteView hello) {
    std::size_t at = record_header + 4 + 2 + 32;
    at += 1U + hello[at];
    const std::size_t ciphers = std::size_t{hello[at]} << 8U | hello[at + 1];
    return at + 2 + ciphers;
}

// FAULTS N03
TEST(TlsRecords, n03_compression_is_refused) {
    auto hello = RawClient().step();
    const auto at = compression_of(hello);
    ASSERT_EQ((Bytes{hello[at], hello[at + 1]}), (Bytes{1, 0})) << "one method, which does nothing";
    EXPECT_EQ(alert_for_hello(hello), std::nullopt);
    hello[at + 1] = 1;
    EXPECT_EQ(alert_for_hello(hello), illegal_parameter);
}

// --- data before the handshake is over ---

/// Both of the twin know it; a relay does not.
SSL_SESSION* shared_session(SSL* ssl) {
    static constexpr FixedBytes<2> aes_128_gcm{0x13, 0x01};
    static constexpr FixedBytes<32> key{7};
    auto* session = SSL_SESSION_new();
    demand(SSL_SESSION_set1_master_key(session, key.data(), key.size()) == 1);
    demand(SSL_SESSION_set_cipher(session, SSL_CIPHER_find(ssl, aes_128_gcm.data())) == 1);
    demand(SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) == 1);
    demand(SSL_SESSION_set_max_early_data(session, 1U << 20U) == 1);
    return session;
}

int offer_session(SSL* ssl, const EVP_MD*, const unsigned char** name, std::size_t* size, SSL_SESSION** session) {
    static constexpr FixedBytes<2> chosen_name{'m', 'e'};
    *name = chosen_name.data();
    *size = chosen_name.size();
    *session = shared_session(ssl);
    return 1;
}
int find_session(SSL* ssl, const unsigned char*, std::size_t, SSL_SESSION** session) {
    *session = shared_session(ssl);
    return 1;
}

void with_early_data(SSL_CTX& context) { SSL_CTX_set_psk_use_session_callback(&context, offer_session); }

/// A hello and so much data behind it.
Bytes say_early(RawClient& client, std::size_t size) {
    const Bytes piece(1000, 'e');
    std::size_t done = 0;
    for (std::size_t said = 0; said < size; said += piece.size()) {
        demand(SSL_write_early_data(&client.ssl(), piece.data(), piece.size(), &done) == 1);
    }
    return client.outgoing();
}

// FAULTS N03
TEST(TlsRecords, n03_data_before_the_handshake_is_thrown_away) {
    Visit visit(with_early_data);
    visit.send(say_early(visit.client(), 3000));
    ASSERT_TRUE(visit.shake_hands());
    EXPECT_EQ(SSL_get_early_data_status(&visit.client().ssl()), SSL_EARLY_DATA_REJECTED);
    visit.send(visit.client().sealer().seal(application_data, Bytes{'l'}));
    EXPECT_EQ(visit.arrived(1), Bytes{'l'});
}

TEST(TlsRecords, n03_data_before_the_handshake_has_an_end) {
    for (const std::size_t size : {16'000U, 17'000U}) {
        Visit visit(with_early_data);
        visit.send(say_early(visit.client(), size));
        EXPECT_EQ(visit.shake_hands(), size < most_content) << size;
    }
}

/// Twin: a server that knows the session reads what came early, whoever recorded and repeats it.
TEST(TlsRecords, n03_twin_that_knows_the_session_reads_early_data) {
    const auto credentials = make_credentials();
    const ContextPtr context(SSL_CTX_new(TLS_server_method()));
    demand(SSL_CTX_use_certificate(context.get(), credentials.certificate.get()) == 1);
    demand(SSL_CTX_use_PrivateKey(context.get(), credentials.key.get()) == 1);
    SSL_CTX_set_psk_find_session_callback(context.get(), find_session);
    SSL_CTX_set_max_early_data(context.get(), 1U << 20U);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_ANTI_REPLAY);
    const SslPtr server(SSL_new(context.get()));
    SSL_set_bio(server.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(server.get());
    RawClient client(with_early_data);
    const auto said = say_early(client, 1000);
    BIO_write(SSL_get_rbio(server.get()), said.data(), static_cast<int>(said.size()));
    Bytes heard(2000);
    std::size_t size = 0;
    EXPECT_EQ(SSL_read_early_data(server.get(), heard.data(), heard.size(), &size), SSL_READ_EARLY_DATA_SUCCESS);
    EXPECT_EQ(size, 1000U);
}

// --- after the handshake: nothing is negotiated again ---

/// The alert for a record of this kind on a connection that stands; none: it goes on.
std::optional<int> alert_for_record(RecordType type, const Bytes& content) {
    Visit visit;
    EXPECT_TRUE(visit.shake_hands());
    auto sealer = visit.client().sealer();
    visit.send(sealer.seal(type, content));
    visit.send(sealer.seal(application_data, Bytes{'x'}));
    return visit.arrived(1).empty() ? visit.alert() : std::nullopt;
}

// FAULTS N03
TEST(TlsRecords, n03_a_second_hello_is_no_renegotiation) {
    const auto hello = RawClient().step();
    EXPECT_EQ(alert_for_record(handshake, to_bytes(body_of(hello))), unexpected_message);
    EXPECT_EQ(alert_for_record(application_data, to_bytes(body_of(hello))), std::nullopt) << "as data it is data";
}

TEST(TlsRecords, n03_messages_that_a_client_may_not_send_end_the_connection) {
    const Bytes hello_request{0, 0, 0, 0};
    const Bytes new_ticket{4, 0, 0, 0};
    const Bytes certificate{11, 0, 0, 4, 0, 0, 0, 0};
    const Bytes finished{20, 0, 0, 0};
    for (const auto& message : {hello_request, new_ticket, certificate, finished}) {
        EXPECT_TRUE(alert_for_record(handshake, message)) << int{message[0]};
    }
    EXPECT_EQ(alert_for_record(change_cipher_spec, Bytes{1}), unexpected_message);
    EXPECT_TRUE(alert_for_record(static_cast<RecordType>(99), Bytes{1}));
}

// --- who ends a handshake ---

void that_trusts_nobody(SSL_CTX& context) { SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr); }

/// What the relay makes of a client that says this and no more.
Errc refusal_of(ByteView bytes) {
    Visit visit;
    visit.send(bytes);
    visit.end();
    return visit.refusal();
}

TEST(TlsRecords, a_client_that_does_not_trust_us_is_told_from_one_that_makes_no_sense) {
    Visit visit(that_trusts_nobody);
    ASSERT_FALSE(visit.shake_hands());
    EXPECT_EQ(visit.refusal(), Errc::refused);
    const Bytes fatal_handshake_failure{2, handshake_failure};
    EXPECT_EQ(refusal_of(record(alert, fatal_handshake_failure)), Errc::closed) << "before it has heard of us";
    EXPECT_EQ(refusal_of(RawClient().step()), Errc::closed) << "without a word";
    EXPECT_EQ(refusal_of(pattern(100)), Errc::closed);
}

// --- the sizes of records ---

TEST(TlsRecords, n05_a_hello_may_come_in_records_of_one_byte) {
    const auto hello = RawClient(with_groups("X25519MLKEM768")).step();
    Bytes crumbs;
    for (const auto byte : body_of(hello)) append(crumbs, record(handshake, Bytes{byte}));
    EXPECT_EQ(alert_for_hello(crumbs), std::nullopt);
}

TEST(TlsRecords, n05_a_hello_may_be_split_at_every_byte) {
    const auto hello = RawClient().step();
    for (std::size_t at = 1; at < hello.size(); ++at) {
        Visit visit;
        visit.send(ByteView(hello).first(at));
        visit.give_turn();
        visit.send(ByteView(hello).subspan(at));
        EXPECT_EQ(visit.hear().at(0), static_cast<std::uint8_t>(handshake)) << at;
    }
}

TEST(TlsRecords, n05_the_whole_handshake_may_come_byte_by_byte) {
    Visit visit;
    EXPECT_TRUE(visit.shake_hands([](Visit& self, ByteView bytes) {
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            self.send(bytes.subspan(at, 1));
            self.give_turn();
        }
    }));
}

// FAULTS N05
TEST(TlsRecords, n05_a_record_may_be_split_at_every_byte) {
    Visit visit;
    ASSERT_TRUE(visit.shake_hands());
    auto sealer = visit.client().sealer();
    const auto content = pattern(40);
    const auto size = Sealer(Bytes(32)).seal(application_data, content).size();
    for (std::size_t at = 1; at < size; ++at) {
        const auto sealed = sealer.seal(application_data, content);
        visit.send(ByteView(sealed).first(at));
        visit.give_turn();
        visit.send(ByteView(sealed).subspan(at));
        ASSERT_EQ(visit.arrived(content.size()), content) << at;
    }
}

// FAULTS N05
TEST(TlsRecords, n05_empty_records_mean_nothing_and_a_flood_of_them_ends) {
    for (const int count : {32, 33}) {
        Visit visit;
        ASSERT_TRUE(visit.shake_hands());
        auto sealer = visit.client().sealer();
        for (int i = 0; i < count; ++i) visit.send(sealer.seal(application_data, {}));
        visit.send(sealer.seal(application_data, Bytes{'x'}));
        EXPECT_EQ(visit.arrived(1).size(), count == 32 ? 1U : 0U) << count;
    }
}

// FAULTS N05
TEST(TlsRecords, n05_a_record_holds_2_to_the_14_bytes_and_no_byte_more) {
    struct Case {
        std::size_t content;
        std::size_t padding;
        bool taken;
    };
    // Sealed it may have 256 bytes more, of which one says its type, 16 are the tag, and the others may be padding.
    constexpr auto most_sealed = most_content + 256 - 17;
    for (const auto [content, padding, taken] :
         {Case{most_content, 0, true}, Case{most_content + 1, 0, false}, Case{100, most_sealed - 100, true},
          Case{100, most_sealed - 99, false}, Case{most_sealed, 0, false}}) {
        Visit visit;
        ASSERT_TRUE(visit.shake_hands());
        visit.send(visit.client().sealer().seal(application_data, pattern(content), padding));
        EXPECT_EQ(visit.arrived(content), taken ? pattern(content) : Bytes{}) << content << " and " << padding;
        if (taken) continue;
        EXPECT_EQ(visit.alert(), record_overflow) << content << " and " << padding;
    }
}

TEST(TlsRecords, n05_a_length_beyond_the_limit_is_enough) {
    for (const std::size_t beyond : {0U, 1U}) {
        Visit visit;
        ASSERT_TRUE(visit.shake_hands());
        visit.send(record(application_data, most_content + 256 + beyond, {}));
        visit.give_turn();
        const auto said = beyond > 0 ? visit.alert() : visit.client().alert();
        EXPECT_EQ(said, beyond > 0 ? std::optional(record_overflow) : std::nullopt) << "without a byte of the rest";
    }
}

TEST(TlsRecords, n05_a_record_that_was_changed_ends_the_connection) {
    constexpr int bad_record_mac = 20;
    Visit visit;
    ASSERT_TRUE(visit.shake_hands());
    auto sealed = visit.client().sealer().seal(application_data, pattern(40));
    sealed[record_header + 7] ^= 1;
    visit.send(sealed);
    EXPECT_EQ(visit.arrived(40), Bytes{});
    EXPECT_EQ(visit.alert(), bad_record_mac);
}

// --- key updates ---

constexpr std::uint8_t not_requested = 0, requested = 1;
Bytes key_update(std::uint8_t request) { return {24, 0, 0, 1, request}; }

/// `count` key updates, then a byte. Whether it arrived.
bool outlives_key_updates(int count, std::uint8_t request) {
    Visit visit;
    EXPECT_TRUE(visit.shake_hands());
    auto sealer = visit.client().sealer();
    for (int i = 0; i < count; ++i) {
        visit.send(sealer.seal(handshake, key_update(request)));
        sealer.update();
    }
    visit.send(sealer.seal(application_data, Bytes{'x'}));
    return visit.arrived(1) == Bytes{'x'};
}

// FAULTS N07
TEST(TlsRecords, n07_64_key_updates_are_followed_and_one_more_is_a_flood) {
    for (const auto request : {not_requested, requested}) {
        EXPECT_TRUE(outlives_key_updates(64, request)) << int{request};
        EXPECT_FALSE(outlives_key_updates(65, request)) << int{request};
    }
}

TEST(TlsRecords, n07_a_key_update_stands_alone_in_its_record_and_asks_for_something_known) {
    auto two = key_update(not_requested);
    append(two, key_update(not_requested));
    EXPECT_EQ(alert_for_record(handshake, two), unexpected_message);
    EXPECT_EQ(alert_for_record(handshake, key_update(2)), illegal_parameter);
}

}  // namespace
}  // namespace parley::net
