// SPAKE2 against the vector as others keep it in a file.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

#include "crypto/spake2.h"
#include "support/hex.h"
#include "support/outside_vectors.h"
#include "support/scripted_random.h"

namespace parley::crypto {
namespace {

using Json = nlohmann::json;

Bytes bytes(const Json& vector, const char* name) { return test::from_hex(vector.at(name).get<std::string>()); }
Bytes name(const Json& vector, const char* party) { return to_bytes(bytes_of(vector.at(party).get<std::string>())); }

Bytes widened(ByteView scalar) {
    Bytes wide(48 - scalar.size());
    append(wide, scalar);
    return wide;
}

TEST(Spake2Vectors, agree_with_the_file) {
    const auto path = test::outside_vectors() / "spake2-p256-rfc9382.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no vectors here";
    std::ifstream in(path);
    const auto vector = Json::parse(in);
    const Spake2Password w(ByteView(widened(bytes(vector, "w"))).first<48>());
    const Spake2Context context{name(vector, "A"), name(vector, "B"), {}};
    test::ScriptedRandom x(widened(bytes(vector, "x"))), y(widened(bytes(vector, "y")));
    Spake2PartyA a(w, context, x);
    Spake2PartyB b(w, context, y);
    EXPECT_EQ(to_bytes(a.share()), bytes(vector, "pA"));
    auto answer = std::move(b).answer(a.share()).value();
    EXPECT_EQ(to_bytes(answer.share), bytes(vector, "pB"));
    EXPECT_EQ(to_bytes(answer.confirmation), bytes(vector, "cB"));
    const auto finished = std::move(a).finish(answer.share, answer.confirmation).value();
    EXPECT_EQ(to_bytes(finished.confirmation), bytes(vector, "cA"));
    EXPECT_TRUE(equal(finished.key.reveal(), ByteView(bytes(vector, "hashTT")).first(16)));
}

}  // namespace
}  // namespace parley::crypto
