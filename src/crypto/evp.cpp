#include "crypto/evp.h"

#include <stdexcept>

namespace parley::crypto {

void require(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

}  // namespace parley::crypto
