// SHA-2 (FIPS 180-4).
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/id.h"

namespace parley::crypto {

/// A public digest: it compares and prints.
using Digest256 = Id<struct Digest256Tag, 32>;

Digest256 sha256(Parts parts);
FixedBytes<64> sha512(Parts parts);

/// SHA-256 of what comes piece by piece: a file that is larger than memory.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(ByteView piece);
    /// Ends it; the next piece begins another one.
    Digest256 finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace parley::crypto
