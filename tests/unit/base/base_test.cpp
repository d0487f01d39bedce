#include <gtest/gtest.h>

#include <sstream>

#include "base/codec.h"
#include "base/secret.h"
#include "base/utf8.h"

namespace parley {
namespace {

using Key = Secret<struct KeyTag, 32>;

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::equality_comparable<Key> && !std::equality_comparable<SecretBytes>);
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Key> && !Printable<SecretBytes>);
// Two kinds of id or secret are two types.
static_assert(!std::is_convertible_v<Id<struct OneTag, 16>, Id<struct OtherTag, 16>>);
static_assert(!std::is_convertible_v<Secret<struct OneTag, 32>, Secret<struct OtherTag, 32>>);

FixedBytes<32> pattern() {
    FixedBytes<32> bytes;
    bytes.fill(0xa5);
    return bytes;
}

// FAULTS H07
TEST(Secrets, AreWipedWhenTheyEnd) {
    alignas(Key) FixedBytes<sizeof(Key)> memory{};
    auto* key = new (memory.data()) Key(pattern());
    ASSERT_TRUE(equal(ByteView(memory).first(32), pattern()));  // the twin: until then they are there
    key->~Key();
    volatile const std::uint8_t* bytes = memory.data();
    for (std::size_t i = 0; i < 32; ++i) EXPECT_EQ(bytes[i], 0) << i;
}

TEST(Secrets, AreWipedWhereTheyMovedFrom) {
    Key from(pattern());
    const Key to(std::move(from));
    EXPECT_TRUE(equal(to.reveal(), pattern()));
    EXPECT_TRUE(equal(from.reveal(), FixedBytes<32>{}));  // NOLINT: that is the point
}

TEST(Secrets, SurviveAnAssignmentToThemselves) {
    Key key(pattern());
    auto& same = key;
    key = std::move(same);
    EXPECT_TRUE(equal(key.reveal(), pattern()));
}

// FAULTS C23, ATTACKS 5
TEST(ConstantTime, ComparesLengthAndBytes) {
    const auto bytes = pattern();
    EXPECT_TRUE(equal_constant_time(bytes, pattern()));
    EXPECT_TRUE(equal_constant_time({}, {}));
    EXPECT_FALSE(equal_constant_time(bytes, ByteView(bytes).first(31)));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto other = bytes;
        other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(equal_constant_time(bytes, other)) << bit;
    }
}

TEST(Codec, ReadsWhatItWrote) {
    Bytes bytes;
    Writer writer(bytes);
    writer.number(std::uint8_t{0x01});
    writer.number(std::uint16_t{0x0203});
    writer.number(std::uint32_t{0x04050607});
    writer.number(std::uint64_t{0x08090a0b0c0d0e0f});
    EXPECT_EQ(to_hex(bytes), "0102030405060708090a0b0c0d0e0f");
    Reader reader(bytes);
    EXPECT_EQ(reader.number<std::uint8_t>(), 0x01);
    EXPECT_EQ(reader.number<std::uint16_t>(), 0x0203);
    EXPECT_EQ(reader.number<std::uint32_t>(), 0x04050607U);
    EXPECT_EQ(reader.number<std::uint64_t>(), 0x08090a0b0c0d0e0fU);
    EXPECT_TRUE(reader.finish().has_value());
}

TEST(Codec, RemembersTheFirstMissingByte) {
    const Bytes bytes{1, 2, 3};
    Reader reader(bytes);
    EXPECT_EQ(reader.number<std::uint32_t>(), 0U);
    EXPECT_EQ(reader.number<std::uint8_t>(), 0U);  // nothing comes after a failure
    EXPECT_EQ(reader.finish().error().code, Errc::truncated);
}

// ATTACKS 22
TEST(Codec, FinishRefusesWhatIsLeftOver) {
    const Bytes bytes{1, 2};
    Reader reader(bytes);
    (void)reader.number<std::uint8_t>();
    EXPECT_EQ(reader.finish().error().code, Errc::trailing);
}

/// The definition of RFC 3629, by decoding and encoding again.
bool is_valid_by_definition(char32_t code, std::size_t length) {
    if (code >= 0xd800 && code <= 0xdfff) return false;
    const std::size_t shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    return length == shortest && code <= 0x10ffff;
}

std::string encode(char32_t code, std::size_t length) {
    if (length == 1) return {static_cast<char>(code)};
    std::string text(length, '\0');
    for (auto i = length; i-- > 1; code >>= 6U) text[i] = static_cast<char>(0x80U | (code & 0x3fU));
    text[0] = static_cast<char>((0xf00U >> length & 0xffU) | code);
    return text;
}

// FAULTS T02: overlong forms, surrogates, beyond the end
TEST(Utf8, AcceptsEachCharacterInItsOneFormOnly) {
    for (const auto& [length, end] :
         {std::pair{1U, 0x80U}, std::pair{2U, 0x800U}, std::pair{3U, 0x10000U}, std::pair{4U, 0x200000U}}) {
        for (char32_t code = 0; code < end; ++code) {
            const auto text = encode(code, length);
            ASSERT_EQ(is_valid_utf8(text), is_valid_by_definition(code, length))
                << std::hex << +code << " in " << length;
        }
    }
}

TEST(Utf8, RefusesWhatIsCutOffOrContinuesNothing) {
    const std::string text = "\xf0\x9f\x91\x8d";
    EXPECT_TRUE(is_valid_utf8(text));
    for (std::size_t size = 1; size < text.size(); ++size) EXPECT_FALSE(is_valid_utf8(text.substr(0, size)));
    for (std::size_t from = 1; from < text.size(); ++from) EXPECT_FALSE(is_valid_utf8(text.substr(from)));
    EXPECT_FALSE(is_valid_utf8("\xff"));
}

}  // namespace
}  // namespace parley
