// FAULTS H09: what an offerer may claim a file is called, and what it is called here.
#include "client/file_name.h"

#include <gtest/gtest.h>

#include "base/characters.h"
#include "base/utf8.h"

namespace parley::client {
namespace {

using namespace std::string_literals;

struct Claim {
    std::string claimed;
    std::string kept;
};

const std::vector<Claim> claims{
    // honest ones stay what they are
    {"notes.txt", "notes.txt"},
    {"Über uns – 漢字.pdf", "Über uns – 漢字.pdf"},
    {"archive.tar.gz", "archive.tar.gz"},
    {"two words.txt", "two words.txt"},
    {"a", "a"},
    {"no ending", "no ending"},
    {"résumé (2).odt", "résumé (2).odt"},
    {"e\u0301.txt", "e\u0301.txt"},
    {"🦊.png", "🦊.png"},
    {"100%.txt", "100%.txt"},
    {"$HOME.txt", "$HOME.txt"},
    {"`id`.txt", "`id`.txt"},
    {"a;rm -rf b.txt", "a;rm -rf b.txt"},
    // paths
    {"../../x", "x"},
    {"/etc/passwd", "passwd"},
    {"..\\..\\x", "x"},
    {"C:\\Windows\\system32\\evil.dll", "evil.dll"},
    {"C:evil.txt", "C_evil.txt"},
    {"\\\\server\\share\\x", "x"},
    {"a/b", "b"},
    {"a/", "file"},
    {"/", "file"},
    {"a\\", "file"},
    {"", "file"},
    {".", "file"},
    {"..", "file"},
    {"...", "file"},
    {"../", "file"},
    {"../..", "file"},
    {"/..", "file"},
    {"/.ssh/authorized_keys", "authorized_keys"},
    {"~/x", "x"},
    {"x\u2215y", "x\u2215y"},  // looks like a slash and is none
    {"file.txt::$DATA", "file.txt__$DATA"},
    // options, hidden files, homes
    {"-rf", "_rf"},
    {"--help", "_-help"},
    {".bashrc", "_bashrc"},
    {"..hidden", "_.hidden"},
    {"~root", "_root"},
    {" leading", "_leading"},
    {"trailing ", "trailing"},
    {"trailing.", "trailing"},
    {"trailing. . .", "trailing"},
    {" ", "file"},
    {". ", "file"},
    // control characters
    {"\0"s, "_"},
    {"a\0b.txt"s, "a_b.txt"},
    {"a\nb", "a_b"},
    {"a\rb", "a_b"},
    {"a\tb", "a_b"},
    {"\x1b[2J.txt", "_[2J.txt"},
    {"a\x7f"
     "b",
     "a_b"},
    {"a\u0085b", "a_b"},
    {"a\u009b31mb", "a_31mb"},
    // directions and what nobody sees
    {"\u202egpj.exe", "_gpj.exe"},
    {"photo\u202egpj.exe", "photo_gpj.exe"},
    {"a\u2066b", "a_b"},
    {"a\u200fb", "a_b"},
    {"a\u061c"
     "b",
     "a_b"},
    {"a\u200b.txt", "a_.txt"},
    {"\ufeffx", "_x"},
    {"a\u00ad"
     "b",
     "a_b"},
    {"a\u3164.txt", "a_.txt"},
    {"a\u00a0"
     "b",
     "a_b"},
    {"a\u2003"
     "b",
     "a_b"},
    {"a\u2028"
     "b",
     "a_b"},
    {"a\U000e0041"
     "b",
     "a_b"},
    // no UTF-8, no characters
    {"\xff", "_"},
    {"a\xc3", "a_"},
    {"a\xed\xa0\x80"
     "b",
     "a___b"},
    {"a\xc0\xaf"
     "b",
     "a__b"},
    {"a\ufffe"
     "b",
     "a_b"},
    // reserved on Windows
    {"a<b>c", "a_b_c"},
    {"a|b?c*d", "a_b_c_d"},
    {"\"quoted\"", "_quoted_"},
    // devices of Windows
    {"CON", "_CON"},
    {"con", "_con"},
    {"nul.txt", "_nul.txt"},
    {"NUL.tar.gz", "_NUL.tar.gz"},
    {"aux ", "_aux"},
    {"aux .txt", "_aux .txt"},
    {"prn.", "_prn"},
    {"COM1", "_COM1"},
    {"com9.log", "_com9.log"},
    {"com0", "_com0"},
    {"LPT3", "_LPT3"},
    {"COM¹", "_COM¹"},
    {"CONIN$", "_CONIN$"},
    {"conout$.x", "_conout$.x"},
    {"COM10", "COM10"},
    {"console", "console"},
    {"lpt", "lpt"},
    // long ones
    {std::string(230, 'x'), std::string(230, 'x')},
    {std::string(255, 'x'), std::string(230, 'x')},
    {std::string(300, 'x') + ".txt", std::string(226, 'x') + ".txt"},
    {std::string(300, '.'), "file"},
    {std::string(229, 'x') + "ä", std::string(229, 'x')},
    {"x." + std::string(300, 'y'), "x." + std::string(228, 'y')},
};

// FAULTS H09, ATTACKS 14
TEST(FileName, IsMadeHarmlessInEachOfTheTable) {
    EXPECT_GE(claims.size(), 80U);
    for (const auto& [claimed, kept] : claims) EXPECT_EQ(safe_file_name(claimed), kept) << claimed;
}

bool is_harmless(const std::string& name) {
    if (name.empty() || name.size() > max_kept_name || !is_valid_utf8(name)) return false;
    if (name == "." || name == ".." || name.find('/') != name.npos || name.find('\\') != name.npos) return false;
    for (std::string_view rest = name; !rest.empty(); rest.remove_prefix(first_character(rest).length)) {
        if (is_hidden(first_character(rest).code)) return false;
    }
    return std::string_view(".- ~").find(name.front()) == std::string_view::npos;
}

TEST(FileName, OfTheTableAndEachOfItsPrefixesIsHarmlessAndStaysWhatItIs) {
    for (const auto& claim : claims) {
        for (std::size_t size = 0; size <= claim.claimed.size(); ++size) {
            const auto kept = safe_file_name(std::string_view(claim.claimed).substr(0, size));
            EXPECT_TRUE(is_harmless(kept)) << kept;
            EXPECT_EQ(safe_file_name(kept), kept);
        }
    }
}

// The broken twin: the check above finds the names it is there for.
TEST(FileName, TheCheckItselfFindsWhatIsNotHarmless) {
    for (const auto* name : {"", "..", "a/b", "-rf", ".x", "a\nb",
                             "a\u202e"
                             "b",
                             "\xff"})
        EXPECT_FALSE(is_harmless(name)) << name;
}

// Found by fuzzing: the mark in front of a device made a name one byte too long, and a cut may end behind a blank.
TEST(FileName, ThatIsLongIsCutToWhatIsKeptWhereverTheCutFalls) {
    for (const std::string begin : {"", "con.", "lpt1.x "}) {
        for (std::size_t size = max_kept_name - 8; size < max_kept_name + 8; ++size) {
            for (const std::string end : {"", ".txt", ". . .", " . x"}) {
                const auto kept = safe_file_name(begin + std::string(size - begin.size(), 'u') + end);
                EXPECT_TRUE(is_harmless(kept)) << kept;
                EXPECT_FALSE(kept.ends_with('.') || kept.ends_with(' ')) << kept;
                EXPECT_EQ(safe_file_name(kept), kept);
            }
        }
    }
}

TEST(FileName, ThatIsTakenGetsANumberBeforeItsEnding) {
    EXPECT_EQ(numbered_name("notes.txt", 2), "notes (2).txt");
    EXPECT_EQ(numbered_name("notes", 3), "notes (3)");
    EXPECT_EQ(numbered_name("a.tar.gz", 2), "a.tar (2).gz");
}

}  // namespace
}  // namespace parley::client
