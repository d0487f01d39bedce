// What a terminal sends, as keys: the sequences of xterm and its many relatives. Pure.
#pragma once

#include <functional>
#include <string>
#include <variant>

namespace parley::ui::screen {

enum class KeyCode {
    character,
    enter,
    tab,
    back_tab,
    backspace,
    erase,  ///< the key Delete
    left,
    right,
    up,
    down,
    home,
    end,
    page_up,
    page_down,
    escape,
    f1,
    f2,
    unknown,
};

struct Key {
    KeyCode code = KeyCode::unknown;
    char32_t character = 0;  ///< of a character; with ctrl the small letter
    bool ctrl = false;
    bool alt = false;
    bool shift = false;

    friend bool operator==(const Key&, const Key&) = default;
};
/// Everything between the marks of bracketed paste, line ends as \n.
struct Paste {
    std::string text;
    bool cut = false;  ///< there was more than max_paste
};
struct Wheel {
    bool up;
};
/// The terminal's window got or lost the attention of the person.
struct Focus {
    bool here;
};
using Input = std::variant<Key, Paste, Wheel, Focus>;

class KeyReader {
public:
    using OnInput = std::function<void(Input)>;

    /// Far more than a message may have: what is beyond is dropped, and said.
    static constexpr std::size_t max_paste = 1U << 20U;

    void feed(std::string_view bytes, const OnInput& on_input);

    /// An Escape may be a key or the beginning of one: after a moment of silence it was the key.
    bool is_waiting() const { return state_ == State::escape; }
    void on_silence(const OnInput& on_input);

private:
    enum class State { ground, character, escape, bracket, ss3, paste };

    void press(char byte, const OnInput& on_input);
    void on_ground(char byte, const OnInput& on_input);
    void on_escape(char byte, const OnInput& on_input);
    void on_bracket(char byte, const OnInput& on_input);
    void on_ss3(char byte, const OnInput& on_input);
    void finish_sequence(char last, const OnInput& on_input);
    void on_tilde(int number, Key key, const OnInput& on_input);
    void on_paste(char byte, const OnInput& on_input);
    void finish_paste(const OnInput& on_input);
    void emit(Key key, const OnInput& on_input);

    State state_ = State::ground;
    std::string pending_;  ///< of a character or a sequence
    std::size_t expected_ = 0;
    bool alt_ = false;
    Paste paste_;
};

}  // namespace parley::ui::screen
