#include "net/certificate.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

namespace parley::net {
namespace {

constexpr std::size_t largest_file = 256U << 10U;

class File {
public:
    File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

bool readable_by_others(const File& file) {
    struct stat status{};
    return ::fstat(file.descriptor(), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

/// What may be a key: wiped when it is not needed any more.
std::optional<SecretBytes> read_whole(const File& file) {
    Bytes bytes(largest_file);
    std::size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size < bytes.size()) {
        got = ::read(file.descriptor(), bytes.data() + size, bytes.size() - size);
        if (got > 0) size += static_cast<std::size_t>(got);
    }
    std::optional<SecretBytes> whole;
    if (got == 0) whole.emplace(ByteView(bytes).first(size));
    wipe(bytes);
    return whole;
}

int no_passphrase(char*, int, int, void*) { return -1; }

KeyPtr parse_key(ByteView pem) {
    const auto bio = reader_of(pem);
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    return key;
}

Result<KeyPtr> read_key(const std::string& path) {
    const File file(path, O_RDONLY);
    if (!file.is_open()) return fail(Errc::storage, "the key file cannot be read");
    if (readable_by_others(file)) return fail(Errc::bad_input, "others can read the key file: chmod 600 it");
    const auto pem = read_whole(file);
    auto key = pem ? parse_key(pem->reveal()) : nullptr;
    if (!key) return fail(Errc::damaged, "the key file holds no private key in PEM without a passphrase");
    return key;
}

/// Made once, for its owner alone; a file that appeared meanwhile is not touched.
Status write_key(const std::string& path, EVP_PKEY& key) {
    const BioPtr pem(BIO_new(BIO_s_secmem()));
    demand(pem && PEM_write_bio_PKCS8PrivateKey(pem.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* text = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(pem.get(), &text));
    const File file(path, O_WRONLY | O_CREAT | O_EXCL);
    const bool written = file.is_open() && ::write(file.descriptor(), text, size) == static_cast<ssize_t>(size) &&
                         ::fsync(file.descriptor()) == 0;
    if (!written) return fail(Errc::storage, "the key file cannot be written");
    return {};
}

KeyPtr make_key() {
    KeyPtr key(EVP_EC_gen("P-256"));
    demand(key != nullptr);
    return key;
}

void name_it(X509_NAME* name) {
    const auto* text = reinterpret_cast<const unsigned char*>("parley-relay");
    demand(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
}

/// It is trusted by its key, so its times say nothing: they hide when the relay began, and never end.
CertificatePtr sign_own(EVP_PKEY& key) {
    CertificatePtr made(X509_new());
    demand(made != nullptr);
    auto* certificate = made.get();
    demand(X509_set_version(certificate, X509_VERSION_3) == 1);
    demand(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1);
    demand(ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20200101000000Z") == 1);
    demand(ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1);
    name_it(X509_get_subject_name(certificate));
    demand(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1);
    demand(X509_set_pubkey(certificate, &key) == 1);
    demand(X509_sign(certificate, &key, EVP_sha256()) > 0);
    return made;
}

Credentials with_own_certificate(KeyPtr key) {
    auto certificate = sign_own(*key);
    return {std::move(key), std::move(certificate)};
}

std::vector<CertificatePtr> parse_certificates(ByteView pem) {
    const auto bio = reader_of(pem);
    std::vector<CertificatePtr> found;
    while (auto* next = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)) found.emplace_back(next);
    ERR_clear_error();  // the last one says that there are no more
    return found;
}

Result<std::vector<CertificatePtr>> read_certificates(const std::string& path) {
    const File file(path, O_RDONLY);
    if (!file.is_open()) return fail(Errc::storage, "the certificate file cannot be read");
    const auto pem = read_whole(file);
    auto found = pem ? parse_certificates(pem->reveal()) : std::vector<CertificatePtr>();
    if (found.empty()) return fail(Errc::damaged, "the certificate file holds no certificate in PEM");
    return found;
}

Status belong_together(const Credentials& credentials) {
    const bool same = X509_check_private_key(credentials.certificate.get(), credentials.key.get()) == 1;
    ERR_clear_error();
    if (!same) return fail(Errc::bad_input, "the certificate is for another key");
    if (X509_cmp_current_time(X509_get0_notAfter(credentials.certificate.get())) < 0)
        return fail(Errc::bad_input, "the certificate has expired");
    return {};
}

}  // namespace

Credentials make_credentials() { return with_own_certificate(make_key()); }

Result<Credentials> kept_credentials(const std::string& key_file) {
    if (::access(key_file.c_str(), F_OK) != 0) {
        if (const auto written = write_key(key_file, *make_key()); !written) return std::unexpected(written.error());
    }
    return read_own_credentials(key_file);
}

Result<Credentials> read_own_credentials(const std::string& key_file) {
    auto key = read_key(key_file);
    if (!key) return std::unexpected(key.error());
    return with_own_certificate(std::move(*key));
}

Result<Credentials> load_credentials(const std::string& certificate_file, const std::string& key_file) {
    auto key = read_key(key_file);
    if (!key) return std::unexpected(key.error());
    auto certificates = read_certificates(certificate_file);
    if (!certificates) return std::unexpected(certificates.error());
    Credentials loaded{std::move(*key), std::move(certificates->front())};
    for (auto& signer : std::span(*certificates).subspan(1)) loaded.chain.push_back(std::move(signer));
    if (const auto good = belong_together(loaded); !good) return std::unexpected(good.error());
    return loaded;
}

Pin pin_of(const X509& certificate) {
    unsigned char* encoded = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &encoded);
    demand(size > 0);
    FixedBytes<32> digest;
    const int hashed =
        EVP_Digest(encoded, static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(), nullptr);
    OPENSSL_free(encoded);
    demand(hashed == 1);
    Pin pin;
    std::copy_n(digest.begin(), pin.size(), pin.begin());
    return pin;
}

bool is_self_signed(const X509& certificate) {
    return X509_NAME_cmp(X509_get_subject_name(&certificate), X509_get_issuer_name(&certificate)) == 0;
}

}  // namespace parley::net
