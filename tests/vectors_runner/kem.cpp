// FAULTS C29, ATTACKS 25: ML-KEM, by vectors that others wrote.
#include "crypto/mlkem768.h"
#include "vectors_runner/encoding.h"

namespace parley::vectors {
namespace {

/// Gives out the randomness that a vector names.
class GivenRandom final : public Random {
public:
    explicit GivenRandom(ByteView bytes) : bytes_(to_bytes(bytes)) {}

    void fill(MutableBytes out) override {
        if (out.size() != bytes_.size()) throw std::runtime_error("another amount of randomness than the vector has");
        std::ranges::copy(bytes_, out.begin());
    }

private:
    Bytes bytes_;
};

bool is_768(const Json& group) { return group.at("parameterSet") == "ML-KEM-768"; }

std::optional<crypto::DecapsulationKey> key_of_seed(const Json& test) {
    using Seed = crypto::DecapsulationKey::Seed;
    const auto seed = hex_field(test, "seed");
    if (seed.size() != Seed::size) return std::nullopt;
    return crypto::DecapsulationKey::restore(Seed(ByteView(seed).first<Seed::size>()));
}

bool has_public_key(const crypto::DecapsulationKey& key, const Json& test) {
    return equal(key.encapsulation_key().view(), hex_field(test, "ek"));
}

}  // namespace

Answer judge_kem_seed(const Json& group, const Json& test) {
    if (!is_768(group)) return Answer::not_applicable;
    const auto key = key_of_seed(test);
    if (!key) return Answer::refused;
    return compare(has_public_key(*key, test));
}

Answer judge_kem_decapsulation(const Json& group, const Json& test) {
    if (!is_768(group)) return Answer::not_applicable;
    const auto key = key_of_seed(test);
    if (!key) return Answer::refused;
    const auto shared = crypto::decapsulate(*key, hex_field(test, "c"));
    if (!shared) return Answer::refused;
    const bool same_key = !test.contains("ek") || has_public_key(*key, test);
    return compare(same_key && equal(shared->reveal(), hex_field(test, "K")));
}

Answer judge_kem_encapsulation(const Json& group, const Json& test) {
    if (!is_768(group)) return Answer::not_applicable;
    const auto key = crypto::EncapsulationKey::parse(hex_field(test, "ek"));
    if (!key) return Answer::refused;
    GivenRandom random(hex_field(test, "m"));
    const auto made = crypto::encapsulate(*key, random);
    return compare(equal(made.ciphertext, hex_field(test, "c")) && equal(made.shared.reveal(), hex_field(test, "K")));
}

}  // namespace parley::vectors
