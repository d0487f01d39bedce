// What our public types make of one Wycheproof test, before it is compared with what they should.
#pragma once

#include <nlohmann/json.hpp>

namespace parley::vectors {

using Json = nlohmann::json;

enum class Answer {
    matched,         ///< accepted, with the expected result
    differed,        ///< accepted, with another result
    refused,         ///< an error, or an input that our types cannot even hold
    not_applicable,  ///< another key size, nonce size, curve or parameter set than the one we use
};

/// The group holds what its tests have in common: sizes, curves, public keys.
using Judge = Answer (*)(const Json& group, const Json& test);

Answer judge_aes_gcm(const Json& group, const Json& test);
Answer judge_hkdf(const Json& group, const Json& test);
Answer judge_hmac(const Json& group, const Json& test);

Answer judge_ecdh_jwk(const Json& group, const Json& test);
Answer judge_ecdh_point(const Json& group, const Json& test);
Answer judge_ecdh_spki(const Json& group, const Json& test);
Answer judge_ecdsa_der(const Json& group, const Json& test);
Answer judge_ecdsa_raw(const Json& group, const Json& test);

Answer judge_kem_seed(const Json& group, const Json& test);
Answer judge_kem_decapsulation(const Json& group, const Json& test);
Answer judge_kem_encapsulation(const Json& group, const Json& test);

inline Answer compare(bool as_expected) { return as_expected ? Answer::matched : Answer::differed; }

}  // namespace parley::vectors
