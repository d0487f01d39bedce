// Randomness that a published vector dictates.
#pragma once

#include "base/ensure.h"
#include "base/random.h"

namespace parley::test {

/// Gives these bytes, each once, and not one more.
class ScriptedRandom final : public Random {
public:
    explicit ScriptedRandom(Bytes script) : script_(std::move(script)) {}

    void fill(MutableBytes out) override {
        ensure(out.size() <= script_.size() - used_, "a script long enough");
        std::ranges::copy(ByteView(script_).subspan(used_, out.size()), out.begin());
        used_ += out.size();
    }

private:
    Bytes script_;
    std::size_t used_ = 0;
};

}  // namespace parley::test
