#include "ui/commands.h"

#include <gmock/gmock.h>

namespace parley::ui {
namespace {

using testing::HasSubstr;

template <class Wanted>
Wanted parsed(std::string_view line) {
    const auto typed = parse_typed(line);
    EXPECT_TRUE(typed.has_value()) << line;
    return std::get<Wanted>(std::get<client::Command>(*typed));
}

TEST(Commands, TextIsSaidAsItIs) { EXPECT_EQ(parsed<client::Say>(" hello / there ").text, " hello / there "); }

TEST(Commands, TwoSlashesSendOne) { EXPECT_EQ(parsed<client::Say>("//quit is a command").text, "/quit is a command"); }

TEST(Commands, VerifyTakesANameAndDigitsInGroups) {
    const std::string digits = "12345 67890";
    EXPECT_EQ(parsed<client::Verify>("/verify 12345 67890").digits, digits);
    EXPECT_EQ(parsed<client::Verify>("/verify 12345 67890").whom.text, "");
    const auto named = parsed<client::Verify>("/verify anna#7Q4K 12345 67890");
    EXPECT_EQ(named.whom.text, "anna#7Q4K");
    EXPECT_EQ(named.digits, " " + digits);
    const auto numbered = parsed<client::Verify>("/verify anna2 12345 67890");
    EXPECT_EQ(numbered.whom.text, "anna2");
    EXPECT_EQ(numbered.digits, " " + digits);
}

TEST(Commands, VerifyWithoutDigitsShowsTheNumber) {
    EXPECT_EQ(parsed<client::ShowSafetyNumber>("/verify").whom.text, "");
    EXPECT_EQ(parsed<client::ShowSafetyNumber>("/verify anna").whom.text, "anna");
    EXPECT_EQ(parsed<client::ShowSafetyNumber>("/verify anna#7Q45").whom.text, "anna#7Q45");
}

TEST(Commands, TheOthersAreWhatTheySay) {
    (void)parsed<client::ListPeople>("/who");
    EXPECT_TRUE(std::holds_alternative<QuitAll>(std::get<RoomCommand>(*parse_typed("/quit"))));
    EXPECT_EQ(parsed<client::Rename>("/name  Anna Müller ").name, "Anna Müller");
    EXPECT_EQ(parsed<client::Accept>("/accept ben").whom.text, "ben");
    EXPECT_TRUE(std::holds_alternative<Help>(*parse_typed("/help")));
}

TEST(Commands, AnUnknownOneIsAnErrorWithTheNearestMatchAndNeverSent) {
    for (const auto& [typed, meant] :
         {std::pair{"/quti", "/quit"}, std::pair{"/hwo", "/who"}, std::pair{"/saftey x", "/safety"}}) {
        const auto result = parse_typed(typed);
        ASSERT_FALSE(result.has_value());
        EXPECT_THAT(result.error(), HasSubstr(std::string("did you mean ") + meant));
    }
}

TEST(Commands, AnUnknownOneIsShownWithoutWhatATerminalWouldExecute) {
    const auto result = parse_typed("/\x1b[2J");
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error(), HasSubstr("<001B>"));
}

TEST(Commands, NameWithoutANameSaysWhatToDo) { EXPECT_FALSE(parse_typed("/name").has_value()); }

TEST(Commands, HelpNamesEveryCommand) {
    for (const auto& word : command_names()) EXPECT_THAT(std::string(help_text()), HasSubstr(word));
    EXPECT_THAT(std::string(help_text()), HasSubstr("//"));
}

TEST(Commands, WhatIsAskedOfTheScreenSaysWhatItNeeds) {
    EXPECT_EQ(std::get<SwitchTo>(std::get<ScreenCommand>(*parse_typed("/window 3"))).number, 3U);
    EXPECT_EQ(std::get<Search>(std::get<ScreenCommand>(*parse_typed("/search two words"))).text, "two words");
    EXPECT_EQ(std::get<Notify>(std::get<ScreenCommand>(*parse_typed("/notify bell"))).wish, NotifyWish::bell);
    for (const auto* wrong : {"/window", "/window 0", "/window x", "/notify", "/notify loud", "/mouse", "/join"}) {
        EXPECT_FALSE(parse_typed(wrong).has_value()) << wrong;
    }
}

}  // namespace
}  // namespace parley::ui
