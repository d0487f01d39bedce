#include "ui/screen/transcript.h"

#include <gmock/gmock.h>

#include "ui/screen/graphemes.h"
#include "ui/screen/rows.h"
#include "unit/ui/random_text.h"

namespace parley::ui::screen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Entry message(std::string_view text, AuthorId author = 0) {
    Entry entry;
    entry.text = SafeText::of(text);
    entry.kind = EntryKind::message;
    entry.author = author;
    return entry;
}

/// Entries "0", "1", ... by one author.
Transcript numbered(int count) {
    Transcript transcript;
    (void)transcript.author({"ben#55DJ", 1});
    for (int i = 0; i < count; ++i) (void)transcript.add(message(std::to_string(i)));
    return transcript;
}

std::vector<std::string> texts(const Transcript& transcript, const std::vector<Row>& rows) {
    std::vector<std::string> all;
    for (const auto& row : rows) {
        const auto& text = transcript[row.entry].text.text();
        switch (row.kind) {
            case RowKind::day: all.emplace_back("(day)"); break;
            case RowKind::unread: all.emplace_back("(unread)"); break;
            case RowKind::heading: all.emplace_back("(heading)"); break;
            case RowKind::more: all.emplace_back("(more)"); break;
            default: all.push_back(text.substr(row.span.begin, row.span.end - row.span.begin));
        }
    }
    return all;
}

TEST(SafeText, KeepsLinesAndNothingElseOfControls) {
    EXPECT_EQ(SafeText::of("one\ntwo\tthree\r\x1b[2J").text(), "one\ntwo    three<000D><001B>[2J");
}

// FAULTS T01
TEST(SafeText, HoldsNoControlCharacterOfRandomStrings) {
    RandomText random;
    for (int i = 0; i < 200'000; ++i) {
        const auto safe = SafeText::of(random.next());
        for (const char c : safe.text()) {
            const auto byte = static_cast<unsigned char>(c);
            ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7f));
        }
    }
}

TEST(Transcript, AStateChangesAfterwards) {
    Transcript transcript;
    auto own = message("hello");
    own.line = 7;
    const auto id = transcript.add(own);
    transcript.set_state(7, client::LineState::opened);
    transcript.set_state(8, client::LineState::failed);  // not ours: nothing happens
    EXPECT_EQ(transcript[id].state, client::LineState::opened);
}

TEST(Transcript, AnEntryThatProgressesIsReplaced) {
    auto transcript = numbered(2);
    EXPECT_TRUE(transcript.replace(0, SafeText::of("50 %")));
    EXPECT_EQ(transcript[0].text.text(), "50 %");
    EXPECT_FALSE(transcript.replace(99, SafeText::of("")));
}

TEST(Transcript, ForgetsTheOldestBeyondItsLimits) {
    auto transcript = numbered(static_cast<int>(Transcript::max_entries) + 10);
    EXPECT_EQ(transcript.next() - transcript.first(), Transcript::max_entries);
    EXPECT_EQ(transcript[transcript.first()].text.text(), "10");
    for (int i = 0; i < 1200; ++i) (void)transcript.add(message(std::string(60'000, 'x')));
    EXPECT_LT(transcript.next() - transcript.first(), 1200U);
}

TEST(Transcript, SearchGoesBackwardsAndIgnoresCase) {
    Transcript transcript;
    for (const auto* text : {"Grüße", "nothing", "viele GRÜSSE und GRÜßE", "end"}) (void)transcript.add(message(text));
    EXPECT_EQ(transcript.search_back("grüße", 4), 2U);
    EXPECT_EQ(transcript.search_back("grüße", 2), 0U);
    EXPECT_EQ(transcript.search_back("grüße", 0), std::nullopt);
    EXPECT_EQ(transcript.count_matches("GRÜßE"), 2U);
}

TEST(Rows, TextIsBrokenAtBlanksAndLongWordsAnywhere) {
    const auto cut = [](std::string_view text, int columns) {
        std::vector<std::string> rows;
        for (const auto& span : wrapped(text, columns, 100))
            rows.emplace_back(text.substr(span.begin, span.end - span.begin));
        return rows;
    };
    EXPECT_THAT(cut("one two three", 7), ElementsAre("one two", "three"));
    EXPECT_THAT(cut("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
    EXPECT_THAT(cut("a\n\nb", 4), ElementsAre("a", "", "b"));
    EXPECT_THAT(cut("漢字漢字", 5), ElementsAre("漢字", "漢字"));  // T05: none is cut in half
    EXPECT_THAT(cut("漢", 1), ElementsAre("漢"));
    EXPECT_THAT(cut("", 4), ElementsAre(""));
}

TEST(Rows, EveryTextIsWholeInItsRows) {
    RandomText random;
    for (int i = 0; i < 20'000; ++i) {
        const auto text = SafeText::of(random.next() + " " + random.next()).text();
        const int columns = 1 + i % 40;
        std::size_t at = 0;
        for (const auto& span : wrapped(text, columns, 10'000)) {
            // Only blanks and line breaks are left out between two rows.
            ASSERT_GE(span.begin, at);
            ASSERT_LE(span.begin - at, 1U);
            at = span.end;
        }
        ASSERT_EQ(at, text.size());
    }
}

// FAULTS T05
TEST(Rows, AHugeMessageIsFoldedAndCanBeUnfolded) {
    Transcript transcript;
    const auto lines = transcript.add(message(std::string(10'000, '\n')));
    const auto line = transcript.add(message(std::string(60'000, 'x')));
    Cut cut{.columns = 60};
    for (const auto id : {lines, line}) {
        const auto rows = rows_of(transcript, id, cut);
        EXPECT_LE(rows.size(), folded_rows + 2);
        EXPECT_EQ(rows.back().kind, RowKind::more);
    }
    cut.folded = false;
    EXPECT_EQ(rows_of(transcript, line, cut).size(), 1000U);
}

TEST(Rows, DaysAuthorsAndTheUnreadStandAbove) {
    Transcript transcript;
    (void)transcript.author({"ben#55DJ", 1});
    auto first = message("a");
    auto second = message("b");
    second.at = 3 * 86'400;
    (void)transcript.add(first);
    (void)transcript.add(second);
    const auto shown = texts(transcript, rows_of(transcript, 1, {.columns = 20, .headings = true, .unread_from = 1}));
    EXPECT_THAT(shown, ElementsAre("(day)", "(unread)", "(heading)", "b"));
}

TEST(Scroll, ShowsTheNewestUntilSomebodyScrolls) {
    auto transcript = numbered(10);
    Scroll scroll;
    const Cut cut{.columns = 20};
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("7", "8", "9"));
    (void)transcript.add(message("10"));
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("8", "9", "10"));
}

TEST(Scroll, StaysWhereItIsWhileMoreComesIn) {
    auto transcript = numbered(10);
    Scroll scroll;
    const Cut cut{.columns = 20};
    scroll.move(transcript, cut, -4, 3);
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("3", "4", "5"));
    (void)transcript.add(message("10"));
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("3", "4", "5"));
    EXPECT_EQ(scroll.below(transcript), 5U);
    scroll.move(transcript, cut, 3, 3);
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("6", "7", "8"));
    scroll.move(transcript, cut, 100, 3);
    EXPECT_TRUE(scroll.at_end());
}

TEST(Scroll, StopsAtTheBeginning) {
    auto transcript = numbered(10);
    Scroll scroll;
    const Cut cut{.columns = 20};
    scroll.move(transcript, cut, -1000, 3);
    EXPECT_THAT(texts(transcript, scroll.visible(transcript, cut, 3)), ElementsAre("(day)", "0", "1"));
}

TEST(Scroll, GoesBackAndForthThroughRowsOfAnyHeight) {
    Transcript transcript;
    (void)transcript.author({"ben#55DJ", 1});
    for (int i = 0; i < 200; ++i) (void)transcript.add(message(std::string(static_cast<std::size_t>(i % 90), 'x')));
    Scroll scroll;
    const Cut cut{.columns = 20};
    const auto whole = Scroll().visible(transcript, cut, 100'000);
    for (int up = 1; up <= 300; ++up) {
        scroll.move(transcript, cut, -1, 7);
        const auto rows = scroll.visible(transcript, cut, 7);
        ASSERT_EQ(rows.size(), 7U);
        const auto& expected = whole[whole.size() - 1 - static_cast<std::size_t>(up)];
        ASSERT_EQ(rows.back().entry, expected.entry);
        ASSERT_EQ(rows.back().span, expected.span);
    }
    scroll.move(transcript, cut, 299, 7);
    EXPECT_EQ(scroll.visible(transcript, cut, 7).back().span, whole[whole.size() - 2].span);
    scroll.move(transcript, cut, 1, 7);
    EXPECT_TRUE(scroll.at_end());
}

TEST(Scroll, SurvivesForgettingWhatItShows) {
    auto transcript = numbered(100);
    Scroll scroll;
    const Cut cut{.columns = 20};
    scroll.move(transcript, cut, -90, 5);
    transcript.clear();
    EXPECT_TRUE(scroll.visible(transcript, cut, 5).empty());
    (void)transcript.add(message("new"));
    EXPECT_FALSE(scroll.visible(transcript, cut, 5).empty());
    scroll.move(transcript, cut, -3, 5);
    scroll.move(transcript, cut, 3, 5);
}

}  // namespace
}  // namespace parley::ui::screen
