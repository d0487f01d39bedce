// Links frozen in the repository, and the safety number that Signal published.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>

#include "identity/fingerprint.h"
#include "identity/link.h"
#include "support/hex.h"
#include "support/outside_vectors.h"

namespace parley::identity {
namespace {

using Json = nlohmann::json;

Json read(const std::filesystem::path& path) {
    std::ifstream in(path);
    return Json::parse(in);
}

Json frozen() { return read(PARLEY_SOURCE_DIR "/tests/vectors/link.json"); }

std::string text(const Json& object, const char* name) { return object.at(name).get<std::string>(); }

std::optional<FixedBytes<16>> optional_bytes(const std::string& hex) {
    if (hex.empty()) return std::nullopt;
    return test::fixed_hex<16>(hex);
}

Link link_of(const Json& row) {
    const std::map<std::string, Transport> transports{
        {"plain", Transport::plain}, {"tls_pinned", Transport::tls_pinned}, {"tls_by_ca", Transport::tls_by_ca}};
    return Link{{text(row, "host"), row.at("port").get<std::uint16_t>(), transports.at(text(row, "transport")),
                 optional_bytes(text(row, "pin"))},
                RoomSecret(test::fixed_hex<32>(text(row, "secret"))),
                optional_bytes(text(row, "token"))};
}

Errc errc(const std::string& name) {
    const std::map<std::string, Errc> names{
        {"bad_input", Errc::bad_input}, {"damaged_link", Errc::damaged_link}, {"wrong_version", Errc::wrong_version}};
    return names.at(name);
}

TEST(FrozenLinks, are_printed_as_they_stand) {
    const auto file = frozen();
    for (const auto& row : file.at("links")) EXPECT_EQ(print(link_of(row)), text(row, "text"));
}

TEST(FrozenLinks, are_parsed_to_what_they_say) {
    const auto file = frozen();
    for (const auto& row : file.at("links")) {
        const auto parsed = parse_link(text(row, "text"));
        ASSERT_TRUE(parsed) << text(row, "text");
        const auto expected = link_of(row);
        EXPECT_EQ(parsed->relay, expected.relay);
        EXPECT_TRUE(equal(parsed->secret.reveal(), expected.secret.reveal()));
        EXPECT_EQ(parsed->token, expected.token);
    }
}

TEST(FrozenLinks, that_are_wrong_are_refused_for_the_reason_they_name) {
    const auto file = frozen();
    for (const auto& row : file.at("refused")) {
        const auto parsed = parse_link(text(row, "text"));
        ASSERT_FALSE(parsed) << text(row, "why");
        EXPECT_EQ(parsed.error(), errc(text(row, "error"))) << text(row, "why");
    }
}

// FAULTS C32
TEST(SafetyNumber, agrees_with_the_one_that_signal_published) {
    const auto path = test::outside_vectors() / "safety-number-signal.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no vectors in " << path.parent_path();
    const auto file = read(path);
    const auto alice_id = text(file.at("alice"), "id");
    const auto bob_id = text(file.at("bob"), "id");
    const auto alice_key = test::from_hex(text(file.at("alice"), "key"));
    const auto bob_key = test::from_hex(text(file.at("bob"), "key"));
    const Fingerprinted alice{alice_key, bytes_of(alice_id)};
    const Fingerprinted bob{bob_key, bytes_of(bob_id)};
    EXPECT_EQ(safety_number(alice, bob), text(file, "digits"));
    EXPECT_EQ(safety_number(bob, alice), text(file, "digits"));
}

}  // namespace
}  // namespace parley::identity
