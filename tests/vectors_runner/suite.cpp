#include "vectors_runner/suite.h"

#include <string_view>

namespace parley::vectors {
namespace {

struct Known {
    std::string_view schema;
    std::string_view algorithm;
    Judge judge;
};

// Wycheproof names some schemas with and some without their version.
constexpr Known known[] = {
    {"aead_test_schema", "AES-GCM", judge_aes_gcm},
    {"hkdf_test_schema", "HKDF-SHA-256", judge_hkdf},
    {"mac_test_schema", "HMACSHA256", judge_hmac},
    {"ecdh_webcrypto_test_schema", "ECDH", judge_ecdh_jwk},
    {"ecdh_ecpoint_test_schema", "ECDH", judge_ecdh_point},
    {"ecdh_test_schema", "ECDH", judge_ecdh_spki},
    {"ecdsa_verify_schema", "ECDSA", judge_ecdsa_der},
    {"ecdsa_p1363_verify_schema", "ECDSA", judge_ecdsa_raw},
    {"mlkem_keygen_seed_test_schema", "ML-KEM", judge_kem_seed},
    {"mlkem_test_schema", "ML-KEM", judge_kem_decapsulation},
    {"mlkem_encaps_test_schema", "ML-KEM", judge_kem_encapsulation},
};

std::string_view without(std::string_view end, std::string_view text) {
    if (text.ends_with(end)) text.remove_suffix(end.size());
    return text;
}

std::string_view name_of(Answer answer) {
    switch (answer) {
        case Answer::matched: return "accepted";
        case Answer::differed: return "accepted with another result";
        case Answer::refused: return "refused";
        case Answer::not_applicable: break;
    }
    return "not applicable";
}

/// "acceptable" leaves it to us whether to accept, but never with another result.
bool agrees(std::string_view expected, Answer answer) {
    if (expected == "valid") return answer == Answer::matched;
    if (expected == "invalid") return answer == Answer::refused;
    return expected == "acceptable" && answer != Answer::differed;
}

void count(Tally& tally, const Json& test, Answer answer) {
    const auto& expected = test.at("result").get_ref<const std::string&>();
    if (answer == Answer::not_applicable) {
        ++tally.not_applicable;
    } else if (agrees(expected, answer)) {
        ++tally.agreed;
    } else {
        tally.disagreements.push_back("tcId " + test.at("tcId").dump() + ": " + expected + ", but " +
                                      std::string(name_of(answer)));
    }
}

}  // namespace

Judge judge_of(const Json& file) {
    const auto schema_name = file.value("schema", "");
    const auto algorithm = file.value("algorithm", "");
    const auto schema = without("_v1", without(".json", schema_name));
    for (const auto& row : known) {
        if (row.schema == schema && row.algorithm == algorithm) return row.judge;
    }
    return nullptr;
}

Tally run(const Json& file, Judge judge) {
    Tally tally;
    for (const auto& group : file.at("testGroups")) {
        for (const auto& test : group.at("tests")) count(tally, test, judge(group, test));
    }
    return tally;
}

}  // namespace parley::vectors
