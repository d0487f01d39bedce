// FAULTS O12: keys and certificates in files.
#include "net/certificate.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "net/tls_server.h"
#include "support/temporary_folder.h"

namespace parley::net {
namespace {

using test::TemporaryFolder;

struct Fixture {
    TemporaryFolder folder{};
    std::string key = folder.path("key.pem");
    std::string certificate = folder.path("certificate.pem");

    void write_certificate(const Credentials& credentials) const {
        const BioPtr file(BIO_new_file(certificate.c_str(), "w"));
        ASSERT_EQ(PEM_write_bio_X509(file.get(), credentials.certificate.get()), 1);
    }
    /// A certificate whose time is over.
    void write_expired() const {
        auto credentials = kept_credentials(key).value();
        ASN1_TIME_set_string_X509(X509_getm_notAfter(credentials.certificate.get()), "20200102000000Z");
        X509_sign(credentials.certificate.get(), credentials.key.get(), EVP_sha256());
        write_certificate(credentials);
    }
};

TEST(Certificate, made_twice_is_of_two_keys) {
    EXPECT_NE(pin_of(*make_credentials().certificate), pin_of(*make_credentials().certificate));
}

TEST(Certificate, of_a_kept_key_has_the_same_pin_again) {
    const Fixture files;
    const auto first = kept_credentials(files.key).value();
    const auto again = kept_credentials(files.key).value();
    EXPECT_EQ(pin_of(*first.certificate), pin_of(*again.certificate));
    struct stat status{};
    ASSERT_EQ(::stat(files.key.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// FAULTS O12
TEST(Certificate, with_a_key_that_others_can_read_is_refused) {
    const Fixture files;
    ASSERT_TRUE(kept_credentials(files.key));
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U}) {
        ASSERT_EQ(::chmod(files.key.c_str(), mode), 0);
        EXPECT_EQ(kept_credentials(files.key).error(), Errc::bad_input) << std::oct << mode;
    }
    ASSERT_EQ(::chmod(files.key.c_str(), 0400), 0);
    EXPECT_TRUE(kept_credentials(files.key));
}

TEST(Certificate, comes_from_its_files) {
    const Fixture files;
    const auto made = kept_credentials(files.key).value();
    files.write_certificate(made);
    const auto loaded = load_credentials(files.certificate, files.key).value();
    EXPECT_EQ(pin_of(*loaded.certificate), pin_of(*made.certificate));
    EXPECT_TRUE(is_self_signed(*loaded.certificate));
}

TEST(Certificate, of_another_key_is_refused) {
    const Fixture files;
    ASSERT_TRUE(kept_credentials(files.key));
    files.write_certificate(make_credentials());
    EXPECT_EQ(load_credentials(files.certificate, files.key).error(), Errc::bad_input);
}

// FAULTS O12
TEST(Certificate, that_has_expired_is_refused) {
    const Fixture files;
    files.write_expired();
    EXPECT_EQ(load_credentials(files.certificate, files.key).error(), Errc::bad_input);
}

TEST(Certificate, that_is_missing_or_damaged_is_refused) {
    const Fixture files;
    EXPECT_EQ(load_credentials(files.certificate, files.key).error(), Errc::storage);
    ASSERT_TRUE(kept_credentials(files.key));
    EXPECT_EQ(load_credentials(files.certificate, files.key).error(), Errc::storage);
    std::ofstream(files.certificate) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    EXPECT_EQ(load_credentials(files.certificate, files.key).error(), Errc::damaged);
    std::ofstream(files.key) << "no key";
    EXPECT_EQ(kept_credentials(files.key).error(), Errc::damaged);
    EXPECT_EQ(kept_credentials(files.folder.path()).error(), Errc::damaged) << "a folder";
    EXPECT_EQ(kept_credentials("/proc/none/key.pem").error(), Errc::storage);
}

// FAULTS O12
TEST(TlsServer, reads_its_files_again_and_keeps_what_it_has_when_they_are_bad) {
    const Fixture files;
    auto server = TlsServer::create({.key = files.key}).value();
    const auto first = server->pin();
    const auto in_use = server->context();
    std::ofstream(files.key) << "no key";
    EXPECT_EQ(server->reload().error(), Errc::damaged);
    EXPECT_EQ(server->pin(), first);
    EXPECT_EQ(server->context(), in_use);
    std::filesystem::remove(files.key);
    EXPECT_EQ(server->reload().error(), Errc::storage) << "a key that has gone is not made anew: the pin would change";
    EXPECT_EQ(server->pin(), first);
    ASSERT_TRUE(kept_credentials(files.key));
    EXPECT_TRUE(server->reload());
    EXPECT_NE(server->pin(), first);
    EXPECT_NE(server->context(), in_use);
}

TEST(TlsServer, without_files_keeps_its_key_for_its_whole_life) {
    auto server = TlsServer::create({}).value();
    const auto pin = server->pin();
    EXPECT_TRUE(server->reload());
    EXPECT_EQ(server->pin(), pin);
}

}  // namespace
}  // namespace parley::net
