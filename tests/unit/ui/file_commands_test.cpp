// What is typed about files.
#include "ui/file_commands.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace parley::ui {
namespace {

using testing::HasSubstr;

template <class Wanted>
Wanted parsed(const ParsedFileCommand& command) {
    EXPECT_TRUE(command.has_value()) << command.error();
    return std::get<Wanted>(command.value());
}

TEST(FileCommands, ANameMayHoldBlanks) {
    EXPECT_EQ(parsed<client::SendFile>(parse_send("my holiday photo.jpg")).path, "my holiday photo.jpg");
}

TEST(FileCommands, ATildeIsTheHomeFolderOnlyInFrontOfASlash) {
    const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
    ASSERT_FALSE(home.empty());
    EXPECT_EQ(parsed<client::SendFile>(parse_send("~/a")).path, home + "/a");
    EXPECT_EQ(parsed<client::SendFile>(parse_send("~")).path, home);
    EXPECT_EQ(parsed<client::SendFile>(parse_send("~a")).path, "~a");
    EXPECT_EQ(parsed<client::SendFile>(parse_send("a~/b")).path, "a~/b");
}

TEST(FileCommands, GetTakesANumberAndAFolderOrNone) {
    EXPECT_EQ(parsed<client::GetFile>(parse_get("3")).file, 3U);
    EXPECT_EQ(parsed<client::GetFile>(parse_get("3")).folder, "");
    EXPECT_EQ(parsed<client::GetFile>(parse_get("3   some where")).folder, "some where");
}

TEST(FileCommands, DeclineAndStopTakeANumberAlone) {
    EXPECT_EQ(parsed<client::DeclineFile>(parse_decline("4")).file, 4U);
    EXPECT_EQ(parsed<client::StopFile>(parse_stop("5")).file, 5U);
    EXPECT_FALSE(parse_decline("4 5"));
    EXPECT_FALSE(parse_stop("4 5"));
}

TEST(FileCommands, WhatIsNoNumberIsRefusedWithTheRightWords) {
    EXPECT_THAT(parse_send("").error(), HasSubstr("/send FILE"));
    for (const auto* words : {"", "0", "x", "1x", "-1", "18446744073709551616"}) {
        EXPECT_THAT(parse_get(words).error(), HasSubstr("/get NUMBER")) << words;
        EXPECT_THAT(parse_decline(words).error(), HasSubstr("/decline NUMBER")) << words;
        EXPECT_THAT(parse_stop(words).error(), HasSubstr("/stop NUMBER")) << words;
    }
}

}  // namespace
}  // namespace parley::ui
