#include "crypto/evp.h"

#include <openssl/err.h>

#include <stdexcept>

namespace parley::crypto {

void require(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

Unfailing::Unfailing() { ERR_clear_error(); }

void Unfailing::require(const char* what) const { crypto::require(ERR_peek_error() == 0, what); }

}  // namespace parley::crypto
