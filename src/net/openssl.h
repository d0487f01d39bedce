// OpenSSL's objects with an owner. Only sources that speak TLS include this.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "base/bytes.h"

namespace parley::net {

template <auto Free>
struct Freeing {
    void operator()(auto* object) const { Free(object); }
};
using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freeing<X509_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freeing<SSL_free>>;

/// What OpenSSL could not do although nobody else is at fault: no memory, no randomness. Only main catches.
inline void demand(bool done) {
    if (!done) throw std::bad_alloc();
}

inline BioPtr reader_of(ByteView bytes) {
    BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    demand(bio != nullptr);
    return bio;
}

}  // namespace parley::net
