// Where OpenSSL keeps private keys: pages of their own, between guard pages, locked, left out of dumps
// and wiped when freed.
#pragma once

namespace parley::crypto {

/// Once, before the first key. False where the system did not let it be locked: keys are kept there all
/// the same, and may reach swap.
bool start_secure_heap();

}  // namespace parley::crypto
