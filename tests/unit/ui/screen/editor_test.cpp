#include "ui/screen/editor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/utf8.h"
#include "unit/ui/random_text.h"

namespace parley::ui::screen {
namespace {

void type(Editor& editor, std::string_view keys) {
    KeyReader reader;
    reader.feed(keys, [&](const Input& input) {
        if (const auto* key = std::get_if<Key>(&input)) (void)editor.press(*key);
        if (const auto* paste = std::get_if<Paste>(&input)) (void)editor.insert(paste->text);
    });
}

std::string after(std::string_view keys) {
    Editor editor;
    type(editor, keys);
    // A bar shows where the cursor stands.
    auto text = editor.text();
    return text.insert(editor.cursor(), "|");
}

TEST(Editor, MovesAndErasesByWhatAReaderCallsACharacter) {
    EXPECT_EQ(after("e\xcc\x81x\x02\x02y"), "y|e\xcc\x81x");  // e and its accent are one
    EXPECT_EQ(after("a👍🏽\x7f"), "a|");
    EXPECT_EQ(after("漢字\x02\x04"), "漢|");
    EXPECT_EQ(after("\x7f\x02\x06\x04"), "|");
}

TEST(Editor, MovesByWords) {
    EXPECT_EQ(after("one two\x1b"
                    "b"),
              "one |two");
    EXPECT_EQ(after("one two\x1b"
                    "b\x1b"
                    "b\x1b"
                    "f"),
              "one| two");
    EXPECT_EQ(after("grüße an alle\x1b[1;5D\x1b[1;5D"), "grüße |an alle");
}

TEST(Editor, KillsAndYanksAsReadline) {
    EXPECT_EQ(after("one two\x17"), "one |");
    EXPECT_EQ(after("one two\x17\x01\x19"), "two|one ");
    EXPECT_EQ(after("one two\x15"), "|");
    EXPECT_EQ(after("one two\x01\x0b\x19\x19"), "one twoone two|");
    EXPECT_EQ(after("one two\x01\x1b"
                    "d"),
              "| two");
    EXPECT_EQ(after("ab\x14"), "ba|");
    EXPECT_EQ(after("漢ü\x14"), "ü漢|");
}

TEST(Editor, HomeAndEndAreOfTheLine) {
    EXPECT_EQ(after("one\x1b\rtwo\x01"), "one\n|two");
    EXPECT_EQ(after("one\x1b\rtwo\x1b[H\x1b[A\x1b[F"), "one|\ntwo");
}

TEST(Editor, UpAndDownMoveWithinTheTextFirst) {
    EXPECT_EQ(after("one\x1b\rfour\x1b[A"), "one|\nfour");
    EXPECT_EQ(after("漢字\x1b\rabc\x1b[A"), "漢|字\nabc");
    EXPECT_EQ(after("abc\x1b\rx\x1b[A\x1b[B"), "abc\nx|");
}

TEST(Editor, RecallsWhatWasEnteredAndTheDraft) {
    Editor editor;
    for (const auto* text : {"first", "second", "second"}) {
        type(editor, text);
        EXPECT_EQ(editor.take(), text);
    }
    type(editor, "draft\x1b[A");
    EXPECT_EQ(editor.text(), "second");
    type(editor, "\x1b[A\x1b[A");
    EXPECT_EQ(editor.text(), "first");
    type(editor, "\x1b[B\x1b[B\x1b[B");
    EXPECT_EQ(editor.text(), "draft");
}

TEST(Editor, EnterEntersAndAltEnterBreaksTheLine) {
    Editor editor;
    EXPECT_EQ(editor.press({.code = KeyCode::enter}), Editor::Outcome::entered);
    EXPECT_EQ(editor.press({.code = KeyCode::enter, .alt = true}), Editor::Outcome::changed);
    EXPECT_EQ(editor.text(), "\n");
}

TEST(Editor, FiftyPastedLinesAreOneText) {
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += "line " + std::to_string(i) + "\r";
    Editor editor;
    type(editor, "\x1b[200~" + lines + "\x1b[201~");
    EXPECT_EQ(std::ranges::count(editor.text(), '\n'), 50);
}

TEST(Editor, HoldsAtMostOneMessage) {
    Editor editor;
    EXPECT_EQ(editor.insert(std::string(Editor::max_text, 'x')), Editor::Outcome::changed);
    EXPECT_EQ(editor.insert("y"), Editor::Outcome::full);
    EXPECT_EQ(editor.text().size(), Editor::max_text);
}

TEST(Editor, WhateverIsTypedTheTextIsUtf8AndTheCursorStandsBetweenCharacters) {
    RandomText random;
    Editor editor;
    for (int i = 0; i < 30'000; ++i) {
        type(editor, random.next());
        if (i % 7 == 0) (void)editor.insert(random.next());
        ASSERT_LE(editor.cursor(), editor.text().size());
        ASSERT_TRUE(is_valid_utf8(editor.text()));
        ASSERT_TRUE(is_valid_utf8(editor.text().substr(0, editor.cursor())));
        if (editor.text().size() > 500) (void)editor.take();
    }
}

}  // namespace
}  // namespace parley::ui::screen
