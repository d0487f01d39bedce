#include "ui/screen/layout.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ui/screen/graphemes.h"
#include "ui/screen/theme.h"

namespace parley::ui::screen {
namespace {

TEST(Layout, APleasantScreenHasAllParts) {
    const auto layout = arrange({80, 24}, 1, MembersWish::automatic);
    EXPECT_EQ(layout.title, (Rect{0, 0, 80, 1}));
    EXPECT_EQ(layout.transcript, (Rect{0, 1, 80, 21}));
    EXPECT_EQ(layout.status, (Rect{0, 22, 80, 1}));
    EXPECT_EQ(layout.input, (Rect{0, 23, 80, 1}));
}

TEST(Layout, PeopleStandBesideWhereThereIsRoomOrSomebodyAsks) {
    EXPECT_TRUE(arrange({80, 24}, 1, MembersWish::automatic).members.empty());
    EXPECT_FALSE(arrange({80, 24}, 1, MembersWish::shown).members.empty());
    EXPECT_FALSE(arrange({200, 50}, 1, MembersWish::automatic).members.empty());
    EXPECT_TRUE(arrange({200, 50}, 1, MembersWish::hidden).members.empty());
    EXPECT_TRUE(arrange({40, 10}, 1, MembersWish::shown).members.empty());
}

bool within(const Rect& rect, Size size) {
    return rect.column >= 0 && rect.row >= 0 && rect.columns >= 0 && rect.rows >= 0 &&
           rect.column + rect.columns <= size.columns && rect.row + rect.rows <= size.rows;
}

TEST(Layout, EverySizeHasALineToTypeAndNothingOverlaps) {
    for (int columns = 1; columns <= 120; ++columns) {
        for (int rows = 1; rows <= 60; ++rows) {
            for (const int typed : {0, 1, 3, 1000}) {
                const Size size{columns, rows};
                const auto all = arrange(size, typed, MembersWish::shown);
                for (const auto& rect : {all.title, all.transcript, all.members, all.status, all.input}) {
                    ASSERT_TRUE(within(rect, size)) << columns << "x" << rows;
                }
                ASSERT_GE(all.input.rows, 1);
                const auto height = all.title.rows + all.transcript.rows + all.status.rows + all.input.rows;
                ASSERT_EQ(height, rows);
                ASSERT_EQ(all.transcript.columns + all.members.columns, columns);
            }
        }
    }
}

TEST(Layout, WhatIsTypedTakesAThirdAtMost) {
    EXPECT_EQ(arrange({80, 24}, 50, MembersWish::hidden).input.rows, 8);
    EXPECT_EQ(arrange({80, 9}, 50, MembersWish::hidden).input.rows, 3);
}

TEST(Gutter, LeavesRoomForTextAtEveryWidth) {
    for (int columns = 1; columns <= 200; ++columns) {
        const auto gutter = gutter_for(columns);
        EXPECT_GE(gutter.text_columns(columns), 1);
        if (columns < 20) continue;
        EXPECT_GE(gutter.text_columns(columns), 16) << columns;
    }
}

TEST(Canvas, NoControlCharacterGetsIntoACell) {
    Canvas canvas({20, 1});
    canvas.put({0, 0, 20, 1}, {0, 0},
               "a\x1b[31m\x07\xc2\x9b"
               "b",
               Ink::text);
    EXPECT_EQ(canvas.row(0),
              "a\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd"
              "b");
}

// FAULTS T05
TEST(Canvas, AWideCharacterNeverHangsOverTheEdge) {
    Canvas canvas({4, 1});
    EXPECT_EQ(canvas.put({0, 0, 3, 1}, {0, 0}, "漢漢", Ink::text), 2);
    EXPECT_EQ(canvas.row(0), "漢");
}

// Towers of marks.
TEST(Canvas, MarksJoinTheirCharacterUpToAFew) {
    Canvas canvas({4, 1});
    std::string tower = "e";
    for (int i = 0; i < 100; ++i) tower += "\xcc\x81";
    canvas.put({0, 0, 4, 1}, {0, 0}, tower + "x", Ink::text);
    EXPECT_EQ(canvas.row(0), "e\xcc\x81\xcc\x81\xcc\x81x");
    canvas.put({0, 0, 4, 1}, {0, 0}, "\xcc\x81", Ink::text);  // nothing to join
}

double linear(double channel) {
    channel /= 255;
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// WCAG's relative luminance of a colour of the cube of 256.
double luminance(int number) {
    constexpr std::array steps{0, 95, 135, 175, 215, 255};
    const auto index = static_cast<std::size_t>(number - 16);
    return 0.2126 * linear(steps[index / 36]) + 0.7152 * linear(steps[index / 6 % 6]) +
           0.0722 * linear(steps[index % 6]);
}

TEST(Theme, EveryAuthorCanBeReadOnBlackAndOnWhite) {
    for (const int number : author_palette) {
        const auto light = luminance(number);
        EXPECT_GE((light + 0.05) / 0.05, 3.5) << number << " on black";
        EXPECT_GE(1.05 / (light + 0.05), 3.5) << number << " on white";
    }
}

TEST(Theme, WithoutColoursThereAreNone) {
    const Theme theme(0, true);
    for (int i = 0; i < static_cast<int>(Ink::author) + author_colours; ++i) {
        if (static_cast<Ink>(i) == Ink::paper) continue;  // a camera needs them
        EXPECT_EQ(theme.look(static_cast<Ink>(i)).foreground, -1);
        EXPECT_EQ(theme.look(static_cast<Ink>(i)).background, -1);
    }
}

TEST(Theme, AsciiSignsAreAscii) {
    const auto signs = Theme(256, false).signs();
    for (const auto sign :
         {signs.gutter, signs.rule, signs.cut, signs.below, signs.here, signs.away, signs.dot, signs.verified}) {
        EXPECT_EQ(sign.size(), 1U);
    }
}

TEST(Graphemes, ColumnsAreThoseOfATerminal) {
    EXPECT_EQ(columns_of("abc"), 3);
    EXPECT_EQ(columns_of("漢字"), 4);
    EXPECT_EQ(columns_of("e\xcc\x81"), 1);
    EXPECT_EQ(fitting_head("漢字", 3), "漢");
}

}  // namespace
}  // namespace parley::ui::screen
