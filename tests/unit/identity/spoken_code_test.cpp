// PROTOCOL 2.6: what a person may type for a code, and that nothing else becomes one.
#include "identity/spoken_code.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/random.h"
#include "identity/words.h"
#include "support/stuck_random.h"

namespace parley::identity {
namespace {

constexpr crypto::PasswordCost cheap{.memory_kib = 64, .passes = 1};

std::string parsed(std::string_view text) {
    const auto code = SpokenCode::parse(text);
    return code ? code->print() : std::string(code.error().what);
}

Bytes password_of(std::string_view text) { return to_bytes(SpokenCode::parse(text).value().password(cheap).reveal()); }

TEST(Words, are_1296_sorted_of_3_to_7_letters_with_unique_beginnings) {
    std::set<std::string_view> beginnings;
    for (const auto word : words()) {
        EXPECT_TRUE(word.size() >= 3 && word.size() <= 7) << word;
        EXPECT_TRUE(std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) << word;
        EXPECT_TRUE(beginnings.insert(word.substr(0, 3)).second) << word;
    }
    EXPECT_EQ(beginnings.size(), 1296U);
    EXPECT_TRUE(std::ranges::is_sorted(words()));
}

TEST(Words, are_found_by_their_first_three_letters_or_more) {
    for (std::size_t i = 0; i < word_count; ++i) {
        const auto word = words()[i];
        for (auto size = unique_prefix; size <= word.size(); ++size) EXPECT_EQ(find_word(word.substr(0, size)), i);
        EXPECT_FALSE(find_word(word.substr(0, 2))) << word;
        EXPECT_FALSE(find_word(std::string(word) + "x")) << word;
    }
    EXPECT_FALSE(find_word(""));
    EXPECT_FALSE(find_word("zzz"));
}

TEST(Words, complete_what_is_begun) {
    EXPECT_EQ(words_beginning_with("").size(), word_count);
    EXPECT_TRUE(words_beginning_with("xq").empty());
    for (const auto word : words()) {
        const auto candidates = words_beginning_with(word.substr(0, 2));
        EXPECT_NE(std::ranges::find(candidates, word), candidates.end());
        for (const auto candidate : candidates) EXPECT_TRUE(candidate.starts_with(word.substr(0, 2)));
        const auto only = words_beginning_with(word.substr(0, 3));
        ASSERT_EQ(only.size(), 1U);
        EXPECT_EQ(only[0], word);
    }
}

TEST(SpokenCode, is_read_as_it_is_printed) {
    crypto::SystemRandom random;
    for (int i = 0; i < 1000; ++i) {
        const auto code = SpokenCode::draw(random);
        const auto again = SpokenCode::parse(code.print()).value();
        EXPECT_EQ(again.print(), code.print());
        EXPECT_EQ(again.nameplate(), code.nameplate());
    }
}

TEST(SpokenCode, is_forgiving) {
    for (const auto* text : {"0815-apple-river-stone", "0815 apple river stone", "  0815 - Apple -- RIVER\tstone \r\n",
                             "0815-app-riv-sto", "0815 appl RIVE ston"}) {
        EXPECT_EQ(parsed(text), "0815-apple-river-stone");
        EXPECT_EQ(password_of(text), password_of("0815-apple-river-stone"));
    }
}

// ATTACKS 15: nothing goes out for a code that has no nameplate.
TEST(SpokenCode, says_in_one_line_what_is_wrong_and_never_what_was_typed) {
    const std::vector<std::pair<std::string_view, std::string_view>> wrongs{
        {"", "begins with four digits"},
        {"apple-river-stone", "begins with four digits"},
        {"081-apple-river-stone", "begins with four digits"},
        {"08155-apple-river-stone", "begins with four digits"},
        {"08x5-apple-river-stone", "begins with four digits"},
        {"0815apple-river-stone", "begins with four digits"},
        {"0815", "three words"},
        {"0815-apple-river", "three words"},
        {"0815-zzyzx-river-stone", "first word"},
        {"0815-ap-river-stone", "first word"},
        {"0815-apple-zzyzx-stone", "second word"},
        {"0815-apple-river-stonecutter", "third word"},
        {"0815-apple-river-st\xc3\xb6ne", "third word"},
        {"0815-apple-river-stone-apple", "ends after its third word"},
    };
    for (const auto& [text, expected] : wrongs) {
        const auto code = SpokenCode::parse(text);
        ASSERT_FALSE(code) << text;
        EXPECT_EQ(code.error(), Errc::bad_input);
        EXPECT_NE(code.error().what.find(expected), std::string_view::npos) << text << ": " << code.error().what;
        EXPECT_EQ(code.error().what.find("zzyzx"), std::string_view::npos);
    }
}

TEST(SpokenCode, differs_in_password_by_each_word_their_order_and_the_nameplate) {
    const std::set<Bytes> all{password_of("0815-apple-river-stone"), password_of("0815-table-river-stone"),
                              password_of("0815-apple-table-stone"), password_of("0815-apple-river-table"),
                              password_of("0815-river-apple-stone"), password_of("0816-apple-river-stone")};
    EXPECT_EQ(all.size(), 6U);
}

TEST(SpokenCode, meets_in_a_room_that_follows_from_the_digits_alone) {
    const auto room = [](std::string_view text) { return nameplate_room(SpokenCode::parse(text)->nameplate()); };
    EXPECT_EQ(room("0815-apple-river-stone"), room("0815-zoo-zip-zone"));
    EXPECT_NE(room("0815-apple-river-stone"), room("0816-apple-river-stone"));
}

TEST(SpokenCode, binds_roles_version_and_nameplate) {
    const auto context = code_context(SpokenCode::parse("0815-apple-river-stone")->nameplate());
    const auto other = code_context(SpokenCode::parse("0816-apple-river-stone")->nameplate());
    EXPECT_NE(context.party_a, context.party_b);
    EXPECT_NE(context.associated_data, other.associated_data);
    EXPECT_EQ(context.associated_data.back(), '5');
}

/// How unevenly `count` values come: the largest share times their number; 1 is even.
template <class Draw>
double unevenness(std::size_t values, int count, Draw draw) {
    std::vector<int> seen(values);
    for (int i = 0; i < count; ++i) ++seen[draw()];
    return static_cast<double>(std::ranges::max(seen)) * static_cast<double>(values) / count;
}

// ATTACKS 16: fewer possible codes, or likelier ones, are fewer guesses.
TEST(SpokenCode, is_drawn_evenly) {
    crypto::SystemRandom random;
    const auto word = [&] {
        const auto text = SpokenCode::draw(random).print();
        return find_word(text.substr(5, text.find('-', 5) - 5)).value();
    };
    const auto lowest = [&] { return std::min(word(), word()); };
    EXPECT_LT(unevenness(word_count, 130'000, word), 1.7);
    EXPECT_GT(unevenness(word_count, 130'000, lowest), 1.7) << "twin: the smaller of two draws";
}

TEST(SpokenCode, of_a_dead_generator_is_still_a_code) {
    test::StuckRandom dead(0xff);
    EXPECT_EQ(parsed(SpokenCode::draw(dead).print()), SpokenCode::draw(dead).print());
}

TEST(Completion, makes_the_last_word_whole_when_only_one_begins_so) {
    const auto word = words()[700];
    const auto begun = "1234-" + std::string(word.substr(0, unique_prefix));
    EXPECT_EQ(complete_code(begun), "1234-" + std::string(word) + "-");
    EXPECT_EQ(complete_code("1234-a-b-" + std::string(word.substr(0, unique_prefix))), "1234-a-b-" + std::string(word));
    for (const auto* text : {"", "12", "1234-", "1234-a", "1234-zzz"}) EXPECT_EQ(complete_code(text), text);
}

}  // namespace
}  // namespace parley::identity
