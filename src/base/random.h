// Randomness, passed in: the system's in programs, a seeded one in tests and vectors.
#pragma once

#include "base/id.h"
#include "base/secret.h"

namespace parley {

class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;

    /// Fills with bytes nobody can predict. Throws when the machine has none to give.
    virtual void fill(MutableBytes out) = 0;

    template <std::size_t N>
    FixedBytes<N> bytes() {
        FixedBytes<N> out;
        fill(out);
        return out;
    }
    template <class IdType>
    IdType id() {
        return IdType(FixedView<IdType::size>(bytes<IdType::size>()));
    }
    template <class SecretType>
    SecretType secret() {
        return SecretType::filled([this](auto out) { fill(out); });
    }
};

}  // namespace parley
