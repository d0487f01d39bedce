#include "net/access_token.h"

#include <gtest/gtest.h>

#include "support/damage.h"

namespace parley::net {
namespace {

constexpr AccessToken::Token token{};  // sixteen zeros
constexpr auto digest = "374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb";

TEST(AccessToken, is_known_by_its_digest) {
    EXPECT_TRUE(AccessToken::parse(digest)->admits(token));
    EXPECT_FALSE(AccessToken::parse(digest)->admits(std::nullopt));
}

TEST(AccessToken, with_any_flipped_bit_is_another_one) {
    const auto access = AccessToken::parse(digest).value();
    for (std::size_t bit = 0; bit < 8 * token.size(); ++bit) {
        auto other = token;
        std::ranges::copy(test::with_bit_flipped(token, bit), other.begin());
        EXPECT_FALSE(access.admits(other)) << bit;
    }
}

TEST(AccessToken, has_a_digest_of_64_digits) {
    const std::string whole = digest;
    for (const auto& wrong : {std::string(), whole.substr(1), whole + "0", "x" + whole.substr(1), "+" + whole.substr(1),
                              " 3" + whole.substr(2)}) {
        EXPECT_FALSE(AccessToken::parse(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace parley::net
