// Where private keys lie (FAULTS H08). Each test in a process of its own: the heap is started once.
#include "crypto/secure_heap.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crypto/p256.h"
#include "crypto/random.h"

namespace parley::crypto {
namespace {

/// 0 when a private key that was just made lies in the secure heap.
int key_lies_there() {
    if (CRYPTO_secure_malloc_initialized() != 1) return 1;
    SystemRandom random;
    const auto before = CRYPTO_secure_used();
    const auto key = P256PrivateKey::generate(random);
    return CRYPTO_secure_used() > before ? 0 : 1;
}

int start_and_look() {
    start_secure_heap();
    return key_lies_there();
}

int start_without_the_right_to_lock() {
    const rlimit none{};
    ::setrlimit(RLIMIT_MEMLOCK, &none);
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
    return start_secure_heap() ? 3 : key_lies_there();
}

TEST(SecureHeapDeathTest, holds_private_keys) { EXPECT_EXIT(::_exit(start_and_look()), testing::ExitedWithCode(0), ""); }

TEST(SecureHeapDeathTest, twin_that_is_never_started_holds_none) {
    EXPECT_EXIT(::_exit(key_lies_there()), testing::ExitedWithCode(1), "");
}

TEST(SecureHeapDeathTest, says_when_it_is_not_locked_and_holds_keys_all_the_same) {
    EXPECT_EXIT(::_exit(start_without_the_right_to_lock()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace parley::crypto
