#include "ui/screen/keys.h"

#include <array>
#include <charconv>
#include <utility>

#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

constexpr char esc = 0x1b;
constexpr std::string_view paste_end = "\x1b[201~";
/// Longer sequences mean nothing to us and may be noise on the line.
constexpr std::size_t max_sequence = 32;

/// Bytes of a character by its first one; 0 for what begins none.
std::size_t length_by(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0x80) return 1;
    if (byte < 0xc2 || byte > 0xf4) return 0;
    return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

KeyCode code_of_letter(char letter) {
    switch (letter) {
        case 'A': return KeyCode::up;
        case 'B': return KeyCode::down;
        case 'C': return KeyCode::right;
        case 'D': return KeyCode::left;
        case 'F': return KeyCode::end;
        case 'H': return KeyCode::home;
        case 'P': return KeyCode::f1;
        case 'Q': return KeyCode::f2;
        case 'Z': return KeyCode::back_tab;
        default: return KeyCode::unknown;
    }
}

KeyCode code_of_number(int number) {
    switch (number) {
        case 1:
        case 7: return KeyCode::home;
        case 3: return KeyCode::erase;
        case 4:
        case 8: return KeyCode::end;
        case 5: return KeyCode::page_up;
        case 6: return KeyCode::page_down;
        case 11: return KeyCode::f1;
        case 12: return KeyCode::f2;
        default: return KeyCode::unknown;
    }
}

/// Up to three numbers of a sequence, missing ones 0.
std::array<int, 3> numbers_of(std::string_view text) {
    std::array<int, 3> numbers{};
    for (auto& number : numbers) {
        const auto end = std::min(text.find(';'), text.size());
        (void)std::from_chars(text.data(), text.data() + end, number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return numbers;
}

/// The second number of a sequence is 1 + shift 1 + alt 2 + ctrl 4.
Key with_modifiers(KeyCode code, int modifiers, bool alt) {
    const auto bits = static_cast<unsigned>(modifiers > 0 ? modifiers - 1 : 0);
    return {.code = code, .ctrl = (bits & 4U) != 0, .alt = alt || (bits & 2U) != 0, .shift = (bits & 1U) != 0};
}

Key control_key(char byte) {
    switch (byte) {
        case '\r': return {.code = KeyCode::enter};
        case '\n': return {.code = KeyCode::enter, .alt = true};  // Ctrl-J: a line break, as Alt-Enter
        case '\t': return {.code = KeyCode::tab};
        case 0x08:
        case 0x7f: return {.code = KeyCode::backspace};
        default: return {.code = KeyCode::character, .character = static_cast<char32_t>(byte) | 0x60U, .ctrl = true};
    }
}

}  // namespace

void KeyReader::feed(std::string_view bytes, const OnInput& on_input) {
    for (const char byte : bytes) press(byte, on_input);
}

void KeyReader::on_silence(const OnInput& on_input) {
    if (state_ != State::escape) return;
    state_ = State::ground;
    alt_ = false;
    on_input(Key{.code = KeyCode::escape});
}

void KeyReader::press(char byte, const OnInput& on_input) {
    switch (state_) {
        case State::ground:
        case State::character: return on_ground(byte, on_input);
        case State::escape: return on_escape(byte, on_input);
        case State::bracket: return on_bracket(byte, on_input);
        case State::ss3: return on_ss3(byte, on_input);
        case State::paste: return on_paste(byte, on_input);
    }
}

void KeyReader::emit(Key key, const OnInput& on_input) {
    key.alt = key.alt || std::exchange(alt_, false);
    state_ = State::ground;
    on_input(key);
}

void KeyReader::on_ground(char byte, const OnInput& on_input) {
    if (state_ == State::ground) {
        if (byte == esc) {
            state_ = State::escape;
            return;
        }
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) return emit(control_key(byte), on_input);
        pending_.clear();
        expected_ = length_by(byte);
    }
    pending_ += byte;
    state_ = State::character;
    if (pending_.size() < expected_) return;
    emit({.code = KeyCode::character, .character = first_code_point(pending_).code}, on_input);
}

void KeyReader::on_escape(char byte, const OnInput& on_input) {
    pending_.clear();
    if (byte == '[') state_ = State::bracket;
    else if (byte == 'O') state_ = State::ss3;
    else {
        // Escape twice: the first one was Alt, or the key itself before a sequence.
        alt_ = true;
        state_ = State::ground;
        on_ground(byte, on_input);
    }
}

void KeyReader::on_ss3(char byte, const OnInput& on_input) { emit({.code = code_of_letter(byte)}, on_input); }

void KeyReader::on_bracket(char byte, const OnInput& on_input) {
    // The Linux console calls F1 and F2 ESC [ [ A and ESC [ [ B.
    if (pending_ == "[") {
        const auto code = byte == 'A' ? KeyCode::f1 : byte == 'B' ? KeyCode::f2 : KeyCode::unknown;
        return emit({.code = code}, on_input);
    }
    const bool is_last = byte >= 0x40 && byte <= 0x7e && !(byte == '[' && pending_.empty());
    if (is_last) return finish_sequence(byte, on_input);
    pending_ += byte;
    if (pending_.size() > max_sequence) emit({}, on_input);
}

void KeyReader::finish_sequence(char last, const OnInput& on_input) {
    const bool mouse = pending_.starts_with('<');
    const auto numbers = numbers_of(std::string_view(pending_).substr(mouse ? 1 : 0));
    const bool alt = std::exchange(alt_, false);
    state_ = State::ground;
    if (mouse) {
        if (numbers[0] == 64 || numbers[0] == 65) on_input(Wheel{numbers[0] == 64});
        return;
    }
    if (last == 'I' || last == 'O') return on_input(Focus{last == 'I'});
    if (last == '~') return on_tilde(numbers[0], with_modifiers(KeyCode::unknown, numbers[1], alt), on_input);
    if (last == 'u' && numbers[0] == 13) return on_input(with_modifiers(KeyCode::enter, numbers[1], alt));
    on_input(with_modifiers(code_of_letter(last), numbers[1], alt));
}

void KeyReader::on_tilde(int number, Key key, const OnInput& on_input) {
    if (number == 200) {
        state_ = State::paste;
        paste_ = {};
        return;
    }
    key.code = code_of_number(number);
    on_input(key);
}

void KeyReader::on_paste(char byte, const OnInput& on_input) {
    paste_.text += byte;
    if (paste_.text.ends_with(paste_end)) return finish_paste(on_input);
    if (paste_.text.size() < max_paste + paste_end.size()) return;
    // Keep enough to see the end of it come.
    paste_.cut = true;
    paste_.text.erase(max_paste - paste_end.size(), paste_end.size());
}

void KeyReader::finish_paste(const OnInput& on_input) {
    state_ = State::ground;
    auto paste = std::exchange(paste_, {});
    paste.text.resize(paste.text.size() - paste_end.size());
    std::string text;
    for (std::size_t i = 0; i < paste.text.size(); ++i) {
        const char byte = paste.text[i];
        if (byte == '\r' && i + 1 < paste.text.size() && paste.text[i + 1] == '\n') continue;
        text += byte == '\r' ? '\n' : byte;
    }
    paste.text = std::move(text);
    on_input(std::move(paste));
}

}  // namespace parley::ui::screen
