#include "ui/screen/keys.h"

#include <gmock/gmock.h>

#include "unit/ui/random_text.h"

namespace parley::ui::screen {
namespace {

using testing::ElementsAre;

std::vector<Input> read(std::string_view bytes) {
    KeyReader reader;
    std::vector<Input> inputs;
    reader.feed(bytes, [&](Input input) { inputs.push_back(std::move(input)); });
    return inputs;
}

Key only_key(std::string_view bytes) {
    const auto inputs = read(bytes);
    EXPECT_EQ(inputs.size(), 1U) << testing::PrintToString(bytes);
    return inputs.size() == 1 ? std::get<Key>(inputs.front()) : Key{};
}

TEST(Keys, CharactersOfAllLanguagesComeWhole) {
    EXPECT_EQ(only_key("ü"), (Key{.code = KeyCode::character, .character = U'ü'}));
    EXPECT_EQ(only_key("漢"), (Key{.code = KeyCode::character, .character = U'漢'}));
    EXPECT_EQ(only_key("\xff").character, U'\xfffd');
}

TEST(Keys, ACharacterThatArrivesInPiecesIsOne) {
    KeyReader reader;
    std::vector<Input> inputs;
    for (const char byte : std::string_view("漢")) {
        reader.feed({&byte, 1}, [&](Input input) { inputs.push_back(std::move(input)); });
    }
    EXPECT_EQ(inputs.size(), 1U);
}

TEST(Keys, ControlAndAltAreKnown) {
    EXPECT_EQ(only_key("\x17"), (Key{.code = KeyCode::character, .character = 'w', .ctrl = true}));
    EXPECT_EQ(only_key("\x1b"
                       "u"),
              (Key{.code = KeyCode::character, .character = 'u', .alt = true}));
    EXPECT_EQ(only_key("\x1b\r"), (Key{.code = KeyCode::enter, .alt = true}));
    EXPECT_EQ(only_key("\x1b\x7f"), (Key{.code = KeyCode::backspace, .alt = true}));
}

TEST(Keys, SequencesOfXtermAndItsRelatives) {
    struct Case {
        std::string_view bytes;
        Key key;
    };
    for (const auto& [bytes, key] : {
             Case{"\x1b[A", {.code = KeyCode::up}},
             Case{"\x1bOA", {.code = KeyCode::up}},
             Case{"\x1b[1;3D", {.code = KeyCode::left, .alt = true}},
             Case{"\x1b[1;5C", {.code = KeyCode::right, .ctrl = true}},
             Case{"\x1b\x1b[D", {.code = KeyCode::left, .alt = true}},
             Case{"\x1b[5~", {.code = KeyCode::page_up}},
             Case{"\x1b[6~", {.code = KeyCode::page_down}},
             Case{"\x1b[3~", {.code = KeyCode::erase}},
             Case{"\x1b[F", {.code = KeyCode::end}},
             Case{"\x1b[4~", {.code = KeyCode::end}},
             Case{"\x1bOQ", {.code = KeyCode::f2}},
             Case{"\x1b[12~", {.code = KeyCode::f2}},
             Case{"\x1b[[B", {.code = KeyCode::f2}},
             Case{"\x1b[Z", {.code = KeyCode::back_tab}},
             Case{"\x1b[13;2u", {.code = KeyCode::enter, .shift = true}},
         }) {
        EXPECT_EQ(only_key(bytes), key) << testing::PrintToString(bytes);
    }
}

TEST(Keys, ALoneEscapeIsAKeyAfterSilence) {
    KeyReader reader;
    std::vector<Input> inputs;
    const auto keep = [&](Input input) { inputs.push_back(std::move(input)); };
    reader.feed("\x1b", keep);
    EXPECT_TRUE(inputs.empty());
    EXPECT_TRUE(reader.is_waiting());
    reader.on_silence(keep);
    ASSERT_EQ(inputs.size(), 1U);
    EXPECT_EQ(std::get<Key>(inputs[0]).code, KeyCode::escape);
    reader.feed("a", keep);
    EXPECT_EQ(std::get<Key>(inputs[1]), (Key{.code = KeyCode::character, .character = 'a'}));
}

TEST(Keys, APasteIsOneInputWhateverIsInIt) {
    const auto inputs = read("\x1b[200~one\r\ntwo\rthree\n\x1b[A\x1b[201~x");
    ASSERT_EQ(inputs.size(), 2U);
    EXPECT_EQ(std::get<Paste>(inputs[0]).text, "one\ntwo\nthree\n\x1b[A");
    EXPECT_FALSE(std::get<Paste>(inputs[0]).cut);
}

TEST(Keys, AnEndlessPasteIsCutAndSaid) {
    const auto inputs = read("\x1b[200~" + std::string(3 * KeyReader::max_paste, 'x') + "\x1b[201~");
    ASSERT_EQ(inputs.size(), 1U);
    EXPECT_TRUE(std::get<Paste>(inputs[0]).cut);
    EXPECT_LE(std::get<Paste>(inputs[0]).text.size(), KeyReader::max_paste);
}

TEST(Keys, TheWheelAndTheFocus) {
    EXPECT_TRUE(std::get<Wheel>(read("\x1b[<64;10;5M").at(0)).up);
    EXPECT_FALSE(std::get<Wheel>(read("\x1b[<65;10;5M").at(0)).up);
    EXPECT_TRUE(read("\x1b[<0;10;5M\x1b[<0;10;5m").empty());  // a click
    EXPECT_TRUE(std::get<Focus>(read("\x1b[I").at(0)).here);
    EXPECT_FALSE(std::get<Focus>(read("\x1b[O").at(0)).here);
}

TEST(Keys, NoiseNeverStopsTheReader) {
    RandomText random;
    KeyReader reader;
    for (int i = 0; i < 100'000; ++i) reader.feed(random.next(), [](const Input&) {});
    reader.feed("\x1b[201~" + std::string(64, '~') + "\x1b", [](const Input&) {});
    reader.on_silence([](const Input&) {});
    std::vector<Input> inputs;
    reader.feed("a", [&](Input input) { inputs.push_back(std::move(input)); });
    EXPECT_EQ(inputs.size(), 1U);
}

}  // namespace
}  // namespace parley::ui::screen
