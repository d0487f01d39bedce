// The broken twins of the vectors: a runner that cannot disagree would prove nothing.
#include "vectors_runner/suite.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/outside_vectors.h"

namespace parley::vectors {
namespace {

/// RFC 5869 appendix A.1 in Wycheproof's words.
Json rfc_5869() {
    return Json::parse(R"({"algorithm": "HKDF-SHA-256", "schema": "hkdf_test_schema_v1.json", "testGroups": [{"tests": [
        {"tcId": 1, "ikm": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "salt": "000102030405060708090a0b0c",
         "info": "f0f1f2f3f4f5f6f7f8f9", "size": 42, "result": "valid",
         "okm": "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"}]}]})");
}

Json& first_test(Json& file) { return file["testGroups"][0]["tests"][0]; }

/// Flips the second-lowest bit. The lowest one would turn the signature (r, (n-1)/2) into (r, (n+1)/2),
/// which is (r, n-s) and verifies: n is odd.
void flip(std::string& hex) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex.back() = digits[digits.find(hex.back()) ^ 2U];
}

/// One bit of the expected result gets wrong, in the first of these fields that the schema has.
void damage(Json& test) {
    for (const auto* name : {"tag", "okm", "shared", "K", "sig", "ek"}) {
        if (test.contains(name)) return flip(test[name].get_ref<std::string&>());
    }
    throw std::runtime_error("a schema without an expected result");
}

/// The same file, holding only the tests of this result that we judge at all.
Json applicable(Json file, Judge judge, std::string_view result) {
    for (auto& group : file["testGroups"]) {
        auto kept = Json::array();
        for (const auto& test : group["tests"]) {
            if (test["result"] == result && judge(group, test) != Answer::not_applicable) kept.push_back(test);
        }
        group["tests"] = kept;
    }
    return file;
}

template <class Change>
Json each_test(Json file, Change change) {
    for (auto& group : file["testGroups"]) {
        for (auto& test : group["tests"]) change(test);
    }
    return file;
}

std::vector<std::filesystem::path> outside_files() {
    const auto folder = test::outside_vectors() / "wycheproof";
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::is_directory(folder)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    return files;
}

Json read(const std::filesystem::path& path) {
    std::ifstream in(path);
    return Json::parse(in);
}

TEST(Vectors, agree_when_they_are_right) {
    const auto file = rfc_5869();
    const auto tally = run(file, judge_of(file));
    EXPECT_EQ(tally.agreed, 1U);
    EXPECT_TRUE(tally.passed());
}

TEST(Vectors, disagree_when_one_bit_of_the_expected_result_is_flipped) {
    auto file = rfc_5869();
    damage(first_test(file));
    EXPECT_THAT(run(file, judge_of(file)).disagreements,
                testing::ElementsAre("tcId 1: valid, but accepted with another result"));
}

TEST(Vectors, disagree_when_what_should_be_refused_is_accepted) {
    auto file = rfc_5869();
    first_test(file)["result"] = "invalid";
    EXPECT_THAT(run(file, judge_of(file)).disagreements, testing::ElementsAre("tcId 1: invalid, but accepted"));
}

TEST(Vectors, disagree_when_what_should_be_accepted_is_refused) {
    auto file = rfc_5869();
    first_test(file)["size"] = 255 * 32 + 1;
    EXPECT_THAT(run(file, judge_of(file)).disagreements, testing::ElementsAre("tcId 1: valid, but refused"));
}

TEST(Vectors, of_an_unknown_schema_or_algorithm_have_no_judge) {
    auto file = rfc_5869();
    file["schema"] = "poly1305_test_schema.json";
    EXPECT_EQ(judge_of(file), nullptr);
    file = rfc_5869();
    file["algorithm"] = "HKDF-SHA-512";
    EXPECT_EQ(judge_of(file), nullptr);
}

TEST(Vectors, in_every_file_disagree_for_every_flipped_bit_and_every_swapped_verdict) {
    const auto files = outside_files();
    if (files.empty()) GTEST_SKIP() << "no vectors beside the source tree";
    for (const auto& path : files) {
        const auto file = read(path);
        const auto judge = judge_of(file);
        if (judge == nullptr) continue;
        const auto valid = applicable(file, judge, "valid");
        const auto invalid = applicable(file, judge, "invalid");
        EXPECT_GT(run(valid, judge).agreed, 0U) << path;
        EXPECT_EQ(run(each_test(valid, damage), judge).agreed, 0U) << path;
        const auto swapped = each_test(invalid, [](Json& test) { test["result"] = "valid"; });
        EXPECT_EQ(run(swapped, judge).agreed, 0U) << path;
    }
}

}  // namespace
}  // namespace parley::vectors
