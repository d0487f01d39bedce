// Ownership of OpenSSL's objects. Private to crypto.
#pragma once

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>

#include "base/error.h"

namespace parley::crypto {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using MacContext = Owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using KdfContext = Owned<EVP_KDF_CTX, EVP_KDF_CTX_free>;

/// The library failed where only a missing algorithm or missing memory can make it fail: an
/// exception that only main catches (STYLE 6).
void require(bool succeeded, const char* what);

/// For what goes on after an allocation that failed, gives another result for the right one, and says so nowhere but
/// in the thread's list of errors: Argon2 and the arithmetic of curves in OpenSSL 3.5.
class Unfailing {
public:
    Unfailing();
    /// Nothing has failed since.
    void require(const char* what) const;
};

}  // namespace parley::crypto
