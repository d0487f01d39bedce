// ML-KEM-768 (FIPS 203).
#pragma once

#include "crypto/p256.h"

namespace parley::crypto {

inline constexpr std::size_t kem_key_size = 1184;
inline constexpr std::size_t kem_ciphertext_size = 1088;

using KemCiphertext = FixedBytes<kem_ciphertext_size>;

class EncapsulationKey {
public:
    static constexpr std::size_t size = kem_key_size;

    /// Error: bad_key for a wrong length or a coefficient beyond the modulus (FIPS 203 section 7.2).
    static Result<EncapsulationKey> parse(ByteView bytes);

    FixedView<size> view() const { return FixedView<size>(*bytes_); }
    friend bool operator==(const EncapsulationKey& a, const EncapsulationKey& b) { return *a.bytes_ == *b.bytes_; }

private:
    friend class DecapsulationKey;
    friend struct Encapsulated encapsulate(const EncapsulationKey&, Random&);
    EncapsulationKey(FixedView<size> bytes, PkeyPtr key);

    std::shared_ptr<const FixedBytes<size>> bytes_;  ///< shared: states that hold it are copied often
    PkeyPtr key_;  ///< none for our own, so that keeping it does not keep the decapsulation key alive
};

class DecapsulationKey {
public:
    using Seed = Secret<struct KemSeedTag, 64>;

    static DecapsulationKey generate(Random& random);
    static DecapsulationKey restore(const Seed& seed);

    const EncapsulationKey& encapsulation_key() const { return public_key_; }
    Seed save() const { return seed_.duplicate(); }
    DecapsulationKey duplicate() const { return {seed_.duplicate(), key_, public_key_}; }

private:
    friend Result<SharedSecret> decapsulate(const DecapsulationKey&, ByteView);
    DecapsulationKey(Seed seed, PkeyPtr key, EncapsulationKey public_key);

    Seed seed_;
    PkeyPtr key_;
    EncapsulationKey public_key_;
};

struct Encapsulated {
    KemCiphertext ciphertext;
    SharedSecret shared;
};
Encapsulated encapsulate(const EncapsulationKey& theirs, Random& random);

/// A ciphertext of another key gives a secret nobody knows (implicit rejection), not an error.
/// Error: bad_key for a wrong length.
Result<SharedSecret> decapsulate(const DecapsulationKey& ours, ByteView ciphertext);

}  // namespace parley::crypto
