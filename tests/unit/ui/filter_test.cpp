// FAULTS T01, T02, T03, T06, T09
#include "ui/filter.h"

#include <gmock/gmock.h>

#include "base/utf8.h"
#include "unit/ui/random_text.h"

namespace parley::ui {
namespace {

using testing::HasSubstr;
using testing::Not;

/// No C0, DEL or C1 control, no direction override or isolate: nothing that a terminal executes.
bool is_safe(std::string_view text) {
    if (!is_valid_utf8(text)) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return false;
        const auto second = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
        if (byte == 0xc2 && second < 0xa0) return false;
        if (byte == 0xe2 && second == 0x80 && ((third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae)))
            return false;
        if (byte == 0xe2 && second == 0x81 && third >= 0xa0 && third <= 0xaf) return false;
    }
    return true;
}

struct Case {
    std::string_view in;
    std::string_view out;
};

// FAULTS T01, T03
TEST(Filter, ShowsWhatATerminalWouldExecute) {
    for (const auto& [in, out] : {
             Case{"\x1b[2J", "<001B>[2J"},                                      // CSI: clear the screen
             Case{"\x1b]0;title\x07", "<001B>]0;title<0007>"},                  // OSC: the window's title
             Case{"\x1b]52;c;ZXZpbA==\x1b\\", "<001B>]52;c;ZXZpbA==<001B>\\"},  // OSC 52: the clipboard
             Case{"\x1bP+q\x1b\\", "<001B>P+q<001B>\\"},                        // DCS
             Case{"\xc2\x9b"
                  "31m",
                  "<009B>31m"},  // C1 as UTF-8
             Case{"a\rb\bc\x0b\x0c\x7f", "a<000D>b<0008>c<000B><000C><007F>"},
             Case{"two\nlines\tand a tab", "two<000A>lines<0009>and a tab"},
             Case{"\xe2\x80\xae"
                  "evil",
                  "<202E>evil"},  // right-to-left override
             Case{"\xe2\x81\xa6"
                  "x\xe2\x81\xa9",
                  "<2066>x<2069>"},  // isolates
             Case{"a\xe2\x80\x8b"
                  "b",
                  "a<200B>b"},  // zero width space
             Case{"\xef\xbb\xbf"
                  "bom",
                  "<FEFF>bom"},
             Case{"\xf3\xa0\x81\x81", "<E0041>"},  // a tag character
         }) {
        EXPECT_EQ(displayable(in), out);
    }
}

TEST(Filter, LeavesTextOfAllLanguagesAlone) {
    for (const std::string_view text : {"grüße", "你好", "שלום", "здравствуйте", "👍🏽", "e\xcc\x81", "<not a code>"}) {
        EXPECT_EQ(displayable(text), text);
    }
}

// FAULTS T02
TEST(Filter, ReplacesWhatIsNoUtf8) {
    const std::string_view replacement = "\xef\xbf\xbd";
    EXPECT_EQ(displayable("\x9b"), replacement);  // a raw C1 byte
    EXPECT_EQ(displayable("a\xc0\xaf"
                          "b"),
              "a" + std::string(replacement) + std::string(replacement) + "b");               // overlong
    EXPECT_EQ(displayable("\xef\xbf\xbe"), replacement);                                      // a non-character
    EXPECT_EQ(displayable("\xe2\x82"), std::string(replacement) + std::string(replacement));  // cut off
}

// FAULTS T01: a million random strings
TEST(Filter, LetsNothingDangerousThroughOfAMillionRandomStrings) {
    RandomText random;
    std::size_t dangerous = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto text = random.next();
        dangerous += !is_safe(text);
        if (!is_safe(displayable(text)) || !is_safe(displayable_name(text))) FAIL() << testing::PrintToString(text);
    }
    // The twin: without the filter most of them are.
    EXPECT_GT(dangerous, 500'000U);
}

// FAULTS T06
TEST(Filter, ANameCannotLookLikeALineOfOurs) {
    EXPECT_THAT(displayable_name("[+] Secure channel"), Not(HasSubstr("[")));
    EXPECT_THAT(displayable_name("anna#7Q4K"), Not(HasSubstr("#")));
    EXPECT_THAT(displayable_name("anna: hello"), Not(HasSubstr(":")));
    EXPECT_EQ(displayable_name(" anna"), "<0020>anna");
    EXPECT_EQ(displayable_name("anna "), "anna<0020>");
    EXPECT_EQ(displayable_name("a  b"), "a <0020>b");
    EXPECT_EQ(displayable_name("a\xc2\xa0"
                               "b"),
              "a<00A0>b");
    EXPECT_EQ(displayable_name("Anna Müller"), "Anna Müller");
}

}  // namespace
}  // namespace parley::ui
