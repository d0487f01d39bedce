#include "ui/screen/lock.h"

#include <gtest/gtest.h>

#include "ui/screen/screen.h"

namespace parley::ui::screen {
namespace {

Key letter(char32_t character) { return {.code = KeyCode::character, .character = character}; }
Key enter() { return {.code = KeyCode::enter}; }

void type(Lock& lock, std::u32string_view text) {
    for (const auto c : text) (void)lock.press(letter(c));
}

TEST(Lock, GivesWhatWasTypedOnceAndForgetsIt) {
    Lock lock{"title"};
    type(lock, U"pässwört 漢");
    EXPECT_EQ(lock.characters(), 10U);
    EXPECT_EQ(lock.press(enter()), Lock::Outcome::entered);
    EXPECT_EQ(text_of(lock.take().reveal()), "pässwört 漢");
    EXPECT_EQ(lock.characters(), 0U);
    EXPECT_EQ(lock.press(enter()), Lock::Outcome::nothing);
}

TEST(Lock, ErasesWholeCharactersAndAll) {
    Lock lock{"title"};
    type(lock, U"a漢");
    (void)lock.press({.code = KeyCode::backspace});
    EXPECT_EQ(text_of(lock.take().reveal()), "a");
    (void)lock.press({.code = KeyCode::backspace});
    type(lock, U"abc");
    (void)lock.press({.code = KeyCode::character, .character = 'u', .ctrl = true});
    EXPECT_EQ(lock.characters(), 0U);
}

TEST(Lock, TakesTheFirstLineOfAPaste) {
    Lock lock{"title"};
    lock.paste("secret\nsecond line");
    EXPECT_EQ(text_of(lock.take().reveal()), "secret");
}

TEST(Lock, SaysThatItWasWrongUntilSomethingIsTyped) {
    Lock lock{"title"};
    lock.refuse();
    EXPECT_TRUE(lock.refused());
    type(lock, U"x");
    EXPECT_FALSE(lock.refused());
}

class LockedScreen : public testing::Test {
protected:
    Screen screen_{Theme(0, true),
                   {.clock = [] { return WallSeconds{1}; },
                    .on_line = [this](Window&, const std::string&) { ++lines_; },
                    .on_typing = [](Window&) {},
                    .on_seen = [this](Window&) { ++seen_; },
                    .on_leave = [] {},
                    .on_passphrase = [this](const SecretBytes& typed) { tried_ = text_of(typed.reveal()); },
                    .on_dirty = [] {}}};
    int lines_ = 0;
    int seen_ = 0;
    std::string tried_;
};

TEST_F(LockedScreen, ShowsNothingOfARoomAndSendsNothing) {
    auto& window = screen_.add_window({"lobby", "127.0.0.1:5555"});
    window.note("something private");
    screen_.lock();
    const auto seen = seen_;
    for (const auto c : std::u32string_view(U"hunter2")) screen_.on_input(letter(c));
    window.note("and more");
    const auto picture = screen_.paint({80, 24}).canvas.text();
    EXPECT_EQ(picture.find("private"), picture.npos);
    EXPECT_EQ(picture.find("hunter2"), picture.npos);
    screen_.on_input(enter());
    EXPECT_EQ(tried_, "hunter2");
    EXPECT_EQ(lines_, 0);
    EXPECT_EQ(seen_, seen);
    EXPECT_TRUE(screen_.is_locked());
    screen_.unlock();
    EXPECT_NE(screen_.paint({80, 24}).canvas.text().find("private"), std::string::npos);
}

TEST_F(LockedScreen, AsksForAPassphraseAndTakesEscapeForAnAnswer) {
    (void)screen_.add_window({"lobby", "127.0.0.1:5555"});
    std::vector<std::string> answers;
    const auto remember = [&](const std::optional<SecretBytes>& answer) {
        answers.emplace_back(answer ? text_of(answer->reveal()) : "(none)");
    };
    screen_.ask_passphrase("A new passphrase", remember);
    EXPECT_NE(screen_.paint({80, 24}).canvas.text().find("A new passphrase"), std::string::npos);
    for (const auto c : std::u32string_view(U"abc")) screen_.on_input(letter(c));
    screen_.on_input(enter());
    screen_.ask_passphrase("The same again", remember);
    screen_.on_input(Key{.code = KeyCode::escape});
    EXPECT_EQ(answers, (std::vector<std::string>{"abc", "(none)"}));
    EXPECT_EQ(lines_, 0);
}

TEST_F(LockedScreen, SurvivesAnySize) {
    (void)screen_.add_window({"lobby", "127.0.0.1:5555"});
    screen_.lock();
    for (const Size size : {Size{1, 1}, Size{2, 2}, Size{20, 5}, Size{200, 50}}) (void)screen_.paint(size);
}

}  // namespace
}  // namespace parley::ui::screen
