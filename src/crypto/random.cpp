#include "crypto/random.h"

#include <openssl/rand.h>

#include "crypto/evp.h"

namespace parley::crypto {

void SystemRandom::fill(MutableBytes out) {
    require(RAND_priv_bytes_ex(nullptr, out.data(), out.size(), 256) == 1, "random bytes");
}

}  // namespace parley::crypto
