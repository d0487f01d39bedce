#include "crypto/secure_heap.h"

#include <openssl/crypto.h>

namespace parley::crypto {
namespace {

/// Private numbers of some thousand keys: a room of 16 people holds about fifty.
constexpr std::size_t size = 256U << 10U;
constexpr std::size_t smallest_block = 32;

}  // namespace

bool start_secure_heap() {
    constexpr int locked = 1;
    return CRYPTO_secure_malloc_init(size, smallest_block) == locked;
}

}  // namespace parley::crypto
