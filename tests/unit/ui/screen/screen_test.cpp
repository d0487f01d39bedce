// The whole full screen: keys and events go in, and libvterm reads what the real Terminal sends.
// FAULTS T01 to T03, T05, T06, T08.
#include "ui/screen/screen.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ui/screen/terminal.h"
#include "unit/ui/random_text.h"
#include "unit/ui/screen/vterm.h"

namespace parley::ui::screen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

client::IdentityId identity(std::uint8_t number) {
    FixedBytes<16> bytes{};
    bytes[0] = number;
    return client::IdentityId(bytes);
}

client::Person person(std::string name, std::string tag, std::uint8_t number,
                      client::Trust trust = client::Trust::not_verified) {
    return {identity(number), std::move(name), std::move(tag), trust, client::Presence::present};
}

class FullScreen : public testing::Test {
protected:
    FullScreen() {
        ::setenv("TERM", "xterm-256color", 1);
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        std::setlocale(LC_ALL, "C.UTF-8");
        room_ = &screen_.add_window({"lobby", "127.0.0.1:5555"});
        room_->introduce_self(person("anna", "54V0", 9));
    }

    void press(std::string_view bytes) {
        keys_.feed(bytes, [this](const Input& input) { screen_.on_input(input); });
    }
    /// As the run does it: the client is told, and numbers the line.
    void on_line(Window& window, const std::string& line) {
        lines_.push_back(line);
        window.commanded(client::Say{line});
        window.show(client::LineChanged{++said_, client::LineState::queued, std::nullopt, {}});
    }
    void hear(std::string text, const client::Person& from) {
        room_->show(client::MessageReceived{from, std::move(text)});
    }
    void hear(std::string text) { hear(std::move(text), ben_); }

    /// A room as it looks after a while.
    void live() {
        room_->note("This is the lobby: anybody at this relay can come in.");
        room_->show(client::Connected{});
        room_->show(client::ChannelEstablished{ben_});
        hear("Hello! Did the parcel with the long description arrive at your place in the meantime?");
        press("yes, yesterday\r");
        room_->show(client::LineChanged{1, client::LineState::opened, ben_, {}});
        hear("你好，世界 and grüße\nand a second line");
        press("half a line");
    }

    std::string painted(Size size) { return screen_.paint(size).canvas.text(); }

    std::vector<std::string> lines_;
    std::vector<Window*> seen_;
    int typing_ = 0;
    int leaving_ = 0;
    client::LineNumber said_ = 0;
    WallSeconds now_ = 1'795'608'000;  // 25 November 2026, noon
    KeyReader keys_;
    Screen screen_{Theme(256, true),
                   {.clock = [this] { return now_; },
                    .on_line = [this](Window& window, const std::string& line) { on_line(window, line); },
                    .on_typing = [this](Window&) { ++typing_; },
                    .on_seen = [this](Window& window) { seen_.push_back(&window); },
                    .on_leave = [this] { ++leaving_; },
                    .on_passphrase = [](const SecretBytes&) {},
                    .on_dirty = [] {}}};
    Window* room_;
    client::Person ben_ = person("ben", "55DJ", 1);
};

/// The same on a terminal.
class OnTerminal : public FullScreen {
protected:
    void start(Size size, Surrounding surrounding = {}) {
        virtual_ = std::make_unique<VirtualTerminal>(size);
        terminal_ = std::make_unique<Terminal>(virtual_->end(), virtual_->end(), surrounding);
    }
    void draw() {
        for (const auto& effect : screen_.take_effects()) terminal_->perform(effect);
        terminal_->draw(screen_.paint(terminal_->size()));
    }
    std::string shown() {
        draw();
        return virtual_->text();
    }

    std::unique_ptr<VirtualTerminal> virtual_;
    std::unique_ptr<Terminal> terminal_;
};

/// Differs only when somebody changed the looks: look at the new picture, and keep it, if it is better,
/// with PARLEY_PIN_PICTURES=1.
std::string pinned(const std::string& name, const std::string& picture) {
    const auto path = PARLEY_SOURCE_DIR "/tests/unit/ui/screen/pictures/" + name + ".txt";
    if (std::getenv("PARLEY_PIN_PICTURES") != nullptr) std::ofstream(path) << picture;
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

class Pictures : public OnTerminal, public testing::WithParamInterface<Size> {};

TEST_P(Pictures, AreAsPinned) {
    const auto size = GetParam();
    start(size);
    live();
    const auto name = std::to_string(size.columns) + "x" + std::to_string(size.rows);
    const auto picture = shown();
    EXPECT_EQ(picture, pinned(name, picture)) << "the picture " << name;
    EXPECT_EQ(picture, painted(size)) << "what the terminal shows is what was painted";
}
INSTANTIATE_TEST_SUITE_P(Sizes, Pictures, testing::Values(Size{80, 24}, Size{200, 50}, Size{40, 10}, Size{20, 5}),
                         [](const auto& size) {
                             return std::to_string(size.param.columns) + "x" + std::to_string(size.param.rows);
                         });

// FAULTS T05
TEST_F(OnTerminal, SurvivesOneCell) {
    start({1, 1});
    live();
    EXPECT_EQ(shown(), painted({1, 1}));
}

// FAULTS T08
TEST_F(OnTerminal, SurvivesAStormOfSizes) {
    start({80, 24});
    live();
    for (int i = 0; i < 200; ++i) {
        const Size size{1 + i * 37 % 160, 1 + i * 11 % 50};
        virtual_->resize(size);
        if (i % 5 == 0) hear(std::string(static_cast<std::size_t>(i) * 10, 'x'));
        const auto text = shown();
        ASSERT_EQ(text, painted(size)) << size.columns << "x" << size.rows;
    }
}

// FAULTS T01, T03
TEST_F(OnTerminal, NoEscapeThatReachesATerminalIsAPeers) {
    start({80, 24});
    live();
    for (const std::string text : {"\x1b]0;owned\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1bP+q544e\x1b\\",
                                   "\x9b"
                                   "2J",
                                   "\xc2\x9d"
                                   "0;owned\x07",
                                   "\x1b[2J\x1b[H", "\x1b]8;;http://x\x07link", "\x07\x08\x0b\x0c\x0e\x7f",
                                   "\xe2\x80\xae"
                                   "evil"}) {
        hear(text);
        hear("x", person(text, "0000", 2));
        room_->show(client::Renamed{person(text, "0000", 2), text});
    }
    const auto text = shown();
    EXPECT_EQ(virtual_->seen().titles, 0);
    EXPECT_EQ(virtual_->seen().bells, 0);
    EXPECT_EQ(virtual_->seen().commands, 0);
    EXPECT_THAT(text, HasSubstr("<202E>"));
    EXPECT_THAT(text, HasSubstr("55DJ")) << "the screen is still there";
}

TEST_F(OnTerminal, TwinTheSameWithoutTheFilterIsNoticed) {
    start({80, 24});
    virtual_->write("\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x07");
    EXPECT_GT(virtual_->seen().titles, 0);
    EXPECT_GT(virtual_->seen().commands, 0);
    EXPECT_GT(virtual_->seen().bells, 0);
}

TEST_F(OnTerminal, RandomTextFromPeersNeverLeavesItsPlace) {
    start({80, 24});
    RandomText random;
    for (int i = 0; i < 3000; ++i) {
        hear(random.next() + random.next(), person(random.next(), "0000", 3));
        if (i % 10 != 0) continue;
        ASSERT_EQ(shown(), painted({80, 24})) << i;
    }
    EXPECT_EQ(virtual_->seen().titles + virtual_->seen().bells + virtual_->seen().commands, 0);
}

TEST_F(OnTerminal, WithoutUtf8OnlyAsciiIsSent) {
    start({80, 24}, {.unicode = false});
    live();
    draw();
    for (const char c : virtual_->sent()) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST_F(OnTerminal, WithoutColoursNoneAreSent) {
    start({80, 24}, {.unicode = true, .colours = false});
    live();
    draw();
    EXPECT_THAT(virtual_->sent(), Not(HasSubstr("\x1b[38;5;")));
    EXPECT_THAT(virtual_->sent(), Not(HasSubstr("\x1b[3"
                                                "1m")));
}

TEST_F(OnTerminal, WhatWasTakenIsGivenBack) {
    start({80, 24});
    draw();
    terminal_.reset();
    const auto sent = virtual_->sent();
    for (const auto* mode : {"\x1b[?2004", "\x1b[?1000", "\x1b[?1004", "\x1b[?1006"}) {
        EXPECT_NE(sent.rfind(std::string(mode) + "l"), sent.npos) << mode;
        EXPECT_GT(sent.rfind(std::string(mode) + "l"), sent.rfind(std::string(mode) + "h")) << mode;
    }
    EXPECT_THAT(sent, HasSubstr("\x1b[?1049l"));
}

TEST_F(OnTerminal, OnlyAChangeIsSent) {
    start({80, 24});
    live();
    draw();
    const auto before = virtual_->sent().size();
    press("x");
    draw();
    EXPECT_LT(virtual_->sent().size() - before, 40U);
}

// FAULTS T06, T09
TEST_F(FullScreen, NobodyCanWriteALineOfOurs) {
    room_->show(client::ChannelEstablished{ben_});
    hear("a\n12:00 [+] | Secure channel established\n[!] KEY CHANGED", person("[+] Secure channel", "0000", 2));
    std::istringstream rows(painted({80, 24}));
    int signs = 0;
    for (std::string row; std::getline(rows, row);) {
        const auto gutter = row.find("│");
        signs += row.substr(0, gutter).contains("[+]") ? 1 : 0;
        EXPECT_THAT(row.substr(0, gutter), Not(HasSubstr("[!]")));
    }
    EXPECT_EQ(signs, 1) << "the one that is ours";
}

TEST_F(FullScreen, TheTitleSaysInWordsWhomOneTalksTo) {
    const auto title = [this] { return screen_.paint({80, 24}).canvas.row(0); };
    EXPECT_THAT(title(), HasSubstr("nobody else is here"));
    room_->show(client::ChannelEstablished{ben_});
    EXPECT_THAT(title(), HasSubstr("ben#55DJ: not verified"));
    ben_.trust = client::Trust::verified;
    room_->show(client::Verified{ben_, true});
    EXPECT_THAT(title(), HasSubstr("ben#55DJ: verified"));
    room_->show(client::Alarm{client::AlarmKind::key_changed, ben_, "another key"});
    EXPECT_THAT(title(), HasSubstr("ben#55DJ: KEY CHANGED"));
    room_->commanded(client::Block{});
    EXPECT_THAT(title(), HasSubstr("ben#55DJ: verified"));
}

TEST_F(FullScreen, TheColourOfANameComesFromTheKey) {
    hear("a", person("ben", "55DJ", 1));
    hear("b", person("ben", "0000", 2));
    const auto picture = screen_.paint({80, 24});
    std::vector<Ink> inks;
    for (int row = 0; row < 24; ++row) {
        for (int column = 0; column < 20; ++column) {
            if (picture.canvas.at({column, row}).text[0] == U'#') inks.push_back(picture.canvas.at({column, row}).ink);
        }
    }
    EXPECT_THAT(inks, ElementsAre(author_ink(1), author_ink(2)));
}

TEST_F(FullScreen, ALineOfOnesOwnShowsHowFarItCame) {
    press("hello\r");
    EXPECT_THAT(painted({80, 24}), HasSubstr("12:00 .     anna#54V0 │ hello"));
    room_->show(client::LineChanged{1, client::LineState::accepted, ben_, {}});
    EXPECT_THAT(painted({80, 24}), HasSubstr("12:00 v     anna#54V0 │ hello"));
    room_->show(client::LineChanged{1, client::LineState::opened, ben_, {}});
    EXPECT_THAT(painted({80, 24}), HasSubstr("12:00 vv    anna#54V0 │ hello"));
    press("lost\r");
    room_->show(client::LineChanged{2, client::LineState::failed, ben_, "they left"});
    EXPECT_THAT(painted({80, 24}), HasSubstr("12:00 !     anna#54V0 │ lost"));
    EXPECT_THAT(painted({80, 24}), HasSubstr("did not reach ben#55DJ: they left"));
}

TEST_F(FullScreen, FiftyPastedLinesAreOneMessage) {
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += std::to_string(i) + "\r";
    press("\x1b[200~" + lines + "\x1b[201~");
    EXPECT_TRUE(lines_.empty());
    press("\r");
    ASSERT_EQ(lines_.size(), 1U);
    EXPECT_EQ(std::ranges::count(lines_[0], '\n'), 50);
}

TEST_F(FullScreen, WhatIsTypedForOneRoomIsNotSentToAnother) {
    auto& second = screen_.add_window({"room 1a2b", "127.0.0.1:5555"});
    press(
        "for the lobby\x1b"
        "2");
    EXPECT_EQ(&screen_.current(), &second);
    EXPECT_EQ(second.editor.text(), "");
    press("\x10");  // Ctrl-P
    EXPECT_EQ(room_->editor.text(), "for the lobby");
}

TEST_F(FullScreen, ARoomThatNobodyLooksAtMarksWhatIsNewAndRingsOnce) {
    auto& second = screen_.add_window({"room 1a2b", "127.0.0.1:5555"});
    screen_.open(second);
    (void)screen_.take_effects();
    hear("one");
    hear("two");
    EXPECT_EQ(screen_.take_effects().size(), 2U) << "a bell and an announcement, once";
    EXPECT_THAT(painted({80, 24}), HasSubstr("1:lobby(2)"));
    press(
        "\x1b"
        "1");
    EXPECT_THAT(painted({80, 24}), HasSubstr(" new "));
    EXPECT_THAT(painted({80, 24}), Not(HasSubstr("1:lobby(2)")));
}

TEST_F(FullScreen, NotificationsAreAsTheUserWants) {
    press("\x1b[O");  // the terminal lost the focus
    screen_.obey(Notify{NotifyWish::bell});
    (void)screen_.take_effects();
    hear("one");
    EXPECT_EQ(screen_.take_effects().size(), 1U);
    press("\x1b[I\x1b[O");
    screen_.obey(Notify{NotifyWish::off});
    hear("two");
    EXPECT_TRUE(screen_.take_effects().empty());
}

TEST_F(FullScreen, AltUGoesToTheFirstUnread) {
    for (int i = 0; i < 30; ++i) hear("old " + std::to_string(i));
    (void)painted({80, 24});
    press("\x1b[O");
    for (int i = 0; i < 60; ++i) hear("new " + std::to_string(i));
    press("\x1b[I");
    (void)painted({80, 24});
    press("\x1bu");
    const auto text = painted({80, 24});
    EXPECT_THAT(text, HasSubstr("│ new 0\n"));
    EXPECT_THAT(text, HasSubstr("below: End"));
    press("\x1b[F");
    EXPECT_THAT(painted({80, 24}), HasSubstr("│ new 59\n"));
}

TEST_F(FullScreen, SearchMarksWhatItFindsAndGoesOnUpwards) {
    hear("the first Needle");
    for (int i = 0; i < 60; ++i) hear(i == 30 ? "a needle in the middle" : "hay");
    (void)painted({80, 24});
    screen_.obey(Search{"needle"});
    EXPECT_THAT(painted({80, 24}), HasSubstr("needle in the middle"));
    EXPECT_THAT(painted({80, 24}), HasSubstr("2 found"));
    screen_.obey(Search{"needle"});
    EXPECT_THAT(painted({80, 24}), HasSubstr("the first Needle"));
    screen_.obey(Search{"not there"});
    screen_.obey(Search{});
    EXPECT_THAT(painted({80, 24}), Not(HasSubstr("found")));
}

TEST_F(FullScreen, LeavingIsAskedForTwice) {
    press("typed\x03");
    EXPECT_EQ(room_->editor.text(), "");
    press("\x03");
    EXPECT_EQ(leaving_, 0);
    press("x\x7f\x03");
    EXPECT_EQ(leaving_, 0);
    press("\x03");
    EXPECT_EQ(leaving_, 1);
}

TEST_F(FullScreen, TabCompletesNamesAndCommands) {
    room_->show(client::ChannelEstablished{ben_});
    press("be\t");
    EXPECT_EQ(room_->editor.text(), "ben#55DJ: ");
    press("\x15/veri\t");
    EXPECT_EQ(room_->editor.text(), "/verify ");
}

TEST_F(FullScreen, AQrCodeTakesTheScreenOrSaysWhatItNeeds) {
    const auto picture = qr_of("PARLEY://127.0.0.1:5555/#AEAQ");
    screen_.cover_with({.title = "the link", .picture = picture, .lines = {"parley://"}, .too_small = "."});
    EXPECT_THAT(painted({80, 24}), HasSubstr("▀▀▀▀▀"));
    EXPECT_THAT(painted({30, 8}), HasSubstr("QR code needs"));
    EXPECT_THAT(painted({30, 8}), HasSubstr("parley://"));
    press("x");
    EXPECT_THAT(painted({80, 24}), Not(HasSubstr("the link")));
    EXPECT_EQ(room_->editor.text(), "") << "the key only went back";
}

TEST_F(FullScreen, OnlyMessagesCountAsTypingAndOnlyWhatWasLookedAtAsSeen) {
    press("/who");
    EXPECT_EQ(typing_, 0);
    press("\x15hello");
    EXPECT_EQ(typing_, 5);
    seen_.clear();
    hear("seen");
    EXPECT_EQ(seen_.size(), 1U);
    press("\x1b[O");
    seen_.clear();
    hear("not seen");
    EXPECT_TRUE(seen_.empty());
    press("\x1b[I");
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(FullScreen, SignsOfOthersAreShown) {
    room_->show(client::ChannelEstablished{ben_});
    room_->show(client::Typing{ben_, true});
    EXPECT_THAT(painted({80, 24}), HasSubstr("ben#55DJ is typing"));
    hear("done");
    EXPECT_THAT(painted({80, 24}), Not(HasSubstr("is typing")));
}

TEST_F(FullScreen, AMessageIsRemovedWhenItsAuthorAsksForIt) {
    room_->show(client::MessageReceived{ben_, "read and burn", false, 30});
    hear("stays");
    EXPECT_TRUE(screen_.forget_due());
    now_ += 31;
    EXPECT_FALSE(screen_.forget_due());
    EXPECT_THAT(painted({80, 24}), Not(HasSubstr("burn")));
    EXPECT_THAT(painted({80, 24}), HasSubstr("stays"));
}

TEST_F(FullScreen, NoiseFromTheKeyboardIsSurvived) {
    RandomText random;
    (void)screen_.add_window({"room 1a2b", "127.0.0.1:5555"});
    for (int i = 0; i < 20'000; ++i) {
        press(random.next());
        if (i % 50 == 0) (void)screen_.paint({1 + i % 90, 1 + i % 30});
    }
}

}  // namespace
}  // namespace parley::ui::screen
