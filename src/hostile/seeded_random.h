// Randomness that can be repeated: SHA-256 in counter mode over a seed. For attacks and tests only:
// nothing that keeps a secret links this folder.
#pragma once

#include "base/codec.h"
#include "base/random.h"
#include "crypto/hash.h"

namespace parley::hostile {

class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}

    void begin_again() { counter_ = 0; }
    void fill(MutableBytes out) override {
        while (!out.empty()) {
            Bytes block;
            Writer writer(block);
            writer.number(seed_);
            writer.number(counter_++);
            const auto digest = crypto::sha256({block});
            const auto size = std::min(out.size(), digest.view().size());
            std::ranges::copy(digest.view().first(size), out.begin());
            out = out.subspan(size);
        }
    }

private:
    std::uint64_t seed_;
    std::uint64_t counter_ = 0;
};

}  // namespace parley::hostile
