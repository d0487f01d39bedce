// One text per value (RFC 4648 section 6, without padding).
#include "identity/base32.h"

#include <gtest/gtest.h>

#include "world/random.h"

namespace parley::identity {
namespace {

std::string decoded(std::string_view text) {
    const auto bytes = from_base32(text);
    return bytes ? std::string(text_of(bytes->reveal())) : "refused";
}

// RFC 4648 section 10, its padding taken off.
TEST(Base32, writes_and_reads_what_is_published) {
    const std::pair<std::string, std::string> published[] = {{"", ""},
                                                             {"f", "MY"},
                                                             {"fo", "MZXQ"},
                                                             {"foo", "MZXW6"},
                                                             {"foob", "MZXW6YQ"},
                                                             {"fooba", "MZXW6YTB"},
                                                             {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, text] : published) {
        EXPECT_EQ(to_base32(bytes_of(plain)), text);
        EXPECT_EQ(decoded(text), plain);
    }
}

TEST(Base32, reads_back_what_it_wrote) {
    test::SeededRandom random(12);
    for (std::size_t size = 0; size < 200; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        EXPECT_TRUE(equal(from_base32(to_base32(bytes)).value().reveal(), bytes)) << size;
    }
}

// As many texts as values: nothing has a second encoding.
TEST(Base32, accepts_exactly_one_text_for_each_value) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::size_t accepted = 0;
    for (const char one : alphabet) {
        EXPECT_FALSE(from_base32(std::string{one}).has_value());
        for (const char two : alphabet) {
            accepted += from_base32(std::string{one, two}).has_value() ? 1 : 0;
            EXPECT_FALSE(from_base32(std::string{'A', one, two}).has_value());
        }
    }
    EXPECT_EQ(accepted, 256U);
}

TEST(Base32, refuses_what_is_not_of_its_alphabet) {
    for (const auto* text : {"my", "MY======", "M1", "M8", " MY", "MY ", "M-"}) {
        EXPECT_EQ(decoded(text), "refused") << text;
    }
}

}  // namespace
}  // namespace parley::identity
