// One text per value (RFC 4648 section 5, without padding).
#include "identity/base64url.h"

#include <gtest/gtest.h>

#include "world/random.h"

namespace parley::identity {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string decoded(std::string_view text) {
    const auto bytes = from_base64url(text);
    return bytes ? std::string(text_of(bytes->reveal())) : "refused";
}

bool accepts(std::string_view text) { return from_base64url(text).has_value(); }

/// Every text of this length, in the order of the alphabet.
template <class Visit>
void for_each_text(std::string& text, std::size_t size, Visit visit) {
    if (text.size() == size) return visit(text);
    for (const char c : alphabet) {
        text.push_back(c);
        for_each_text(text, size, visit);
        text.pop_back();
    }
}

struct Count {
    std::size_t accepted = 0;
    std::size_t not_canonical = 0;  ///< accepted, and written otherwise
};
Count count_texts(std::size_t size) {
    Count count;
    std::string text;
    for_each_text(text, size, [&](const std::string& candidate) {
        const auto bytes = from_base64url(candidate);
        if (!bytes) return;
        ++count.accepted;
        count.not_canonical += to_base64url(bytes->reveal()) == candidate ? 0 : 1;
    });
    return count;
}

// RFC 4648 section 10, its padding taken off.
TEST(Base64url, writes_and_reads_what_is_published) {
    const std::pair<std::string, std::string> published[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : published) {
        EXPECT_EQ(to_base64url(bytes_of(plain)), text);
        EXPECT_EQ(decoded(text), plain);
    }
}

TEST(Base64url, has_the_alphabet_of_urls) {
    const Bytes bytes{0xfb, 0xff, 0xbf};
    EXPECT_EQ(to_base64url(bytes), "-_-_");
    EXPECT_TRUE(accepts("-_-_"));
    EXPECT_FALSE(accepts("+/+/"));
}

TEST(Base64url, reads_back_what_it_wrote) {
    test::SeededRandom random(11);
    for (std::size_t size = 0; size < 200; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        EXPECT_TRUE(equal(from_base64url(to_base64url(bytes)).value().reveal(), bytes)) << size;
    }
}

// As many texts as values, and each is the one that is written: nothing has a second encoding.
TEST(Base64url, accepts_exactly_one_text_for_each_value) {
    EXPECT_EQ(count_texts(1).accepted, 0U);
    EXPECT_EQ(count_texts(2).accepted, 256U);
    EXPECT_EQ(count_texts(2).not_canonical, 0U);
    EXPECT_EQ(count_texts(3).accepted, 65'536U);
    EXPECT_EQ(count_texts(3).not_canonical, 0U);
}

TEST(Base64url, refuses_every_character_outside_its_alphabet) {
    for (int c = 0; c < 256; ++c) {
        const char character = static_cast<char>(c);
        const std::string text{'A', 'A', character, 'A'};
        EXPECT_EQ(accepts(text), alphabet.contains(character)) << c;
    }
}

TEST(Base64url, refuses_padding_spaces_and_single_characters) {
    for (const auto* text : {"Zg==", "Zg=", "Zm9v=", " Zm9v", "Zm9v ", "Zm\n9v", "A", "AAAAA"}) {
        EXPECT_FALSE(accepts(text)) << text;
    }
}

}  // namespace
}  // namespace parley::identity
