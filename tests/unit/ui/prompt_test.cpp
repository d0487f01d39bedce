#include "ui/prompt.h"

#include <gmock/gmock.h>

#include "ui/input.h"

namespace parley::ui {
namespace {

using testing::ElementsAre;

std::string after(std::string_view keys) {
    EditedLine line;
    for (const char key : keys) (void)line.press(static_cast<unsigned char>(key));
    return line.text();
}

TEST(EditedLine, TakesTextOfAnyLanguageAndErasesWholeCharacters) {
    EXPECT_EQ(after("grüße"), "grüße");
    EXPECT_EQ(after("ab漢\x7f"), "ab");
    EXPECT_EQ(after("\x7f\x7f"), "");
}

TEST(EditedLine, ErasesWordsAndTheLine) {
    EXPECT_EQ(after("one two \x17"), "one ");
    EXPECT_EQ(after("one two\x15three"), "three");
}

TEST(EditedLine, SwallowsKeysThatSendEscapes) {
    EXPECT_EQ(after("a\x1b[Ab"), "ab");          // up
    EXPECT_EQ(after("a\x1b[1;5Cb"), "ab");       // ctrl-right
    EXPECT_EQ(after("a\x1bOPb\x01\x02"), "ab");  // F1, and control keys that mean nothing
}

TEST(EditedLine, EndsOnlyWhenItIsEmpty) {
    EditedLine line;
    EXPECT_EQ(line.press(0x04), EditedLine::Outcome::ended);
    (void)line.press('a');
    EXPECT_EQ(line.press(0x04), EditedLine::Outcome::nothing);
    EXPECT_EQ(line.press('\r'), EditedLine::Outcome::entered);
    EXPECT_EQ(line.take(), "a");
}

TEST(FittingTail, ShowsTheEndOfALongLine) {
    EXPECT_EQ(fitting_tail("hello", 80), "hello");
    EXPECT_EQ(fitting_tail("hello", 3), "llo");
    EXPECT_EQ(fitting_tail(std::string(60'000, 'x') + "yz", 5), "xxxyz");
    EXPECT_EQ(fitting_tail("hello", 0), "");
}

TEST(LineCutter, CutsLinesHoweverTheyArrive) {
    LineCutter cutter;
    std::vector<std::string> lines;
    for (const auto* piece : {"on", "e\ntwo\r\n", "\nthr", "ee"}) {
        cutter.feed(piece, [&](InputLine line) { lines.push_back(line.text); });
    }
    EXPECT_THAT(lines, ElementsAre("one", "two", ""));
    ASSERT_TRUE(cutter.has_rest());
    EXPECT_EQ(cutter.take().text, "three");
}

TEST(LineCutter, MarksALineThatIsTooLongAndGoesOnAfterIt) {
    LineCutter cutter;
    std::vector<bool> too_long;
    cutter.feed(std::string(60'000, 'a') + "\n" + std::string(60'001, 'b') + "\nc\n",
                [&](InputLine line) { too_long.push_back(line.too_long); });
    EXPECT_THAT(too_long, ElementsAre(false, true, false));
}

TEST(EditedLine, CompletesWithTabWhereThereIsSomethingToComplete) {
    EditedLine line([](std::string_view text) { return std::string(text) + "!"; });
    for (const char c : std::string_view("ab\t")) line.press(static_cast<unsigned char>(c));
    EXPECT_EQ(line.text(), "ab!");
}

}  // namespace
}  // namespace parley::ui
