#include "ui/prompt.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cwchar>
#include <utility>

#include "ui/filter.h"

namespace parley::ui {
namespace {

constexpr unsigned char ctrl_d = 0x04, ctrl_u = 0x15, ctrl_w = 0x17, backspace = 0x08, del = 0x7f, esc = 0x1b;
constexpr std::string_view mark = "> ";

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// Columns of one character that the filter lets through.
std::size_t width_of(char32_t code) {
    const int width = ::wcwidth(static_cast<wchar_t>(code));
    return width > 0 ? static_cast<std::size_t>(width) : 0;
}

}  // namespace

EditedLine::Outcome EditedLine::press(unsigned char byte) {
    if (escape_ != Escape::none) return swallow_escape(byte);
    switch (byte) {
        case '\r':
        case '\n': return Outcome::entered;
        case ctrl_d: return text_.empty() ? Outcome::ended : Outcome::nothing;
        case ctrl_u: text_.clear(); return Outcome::changed;
        case ctrl_w: erase_word(); return Outcome::changed;
        case backspace:
        case del: erase_character(); return Outcome::changed;
        case '\t':
            if (!completion_) break;
            text_ = completion_(text_);
            return Outcome::changed;
        case esc: escape_ = Escape::begun; return Outcome::nothing;
        default: break;
    }
    if (byte < 0x20 && byte != '\t') return Outcome::nothing;
    text_ += static_cast<char>(byte);
    return Outcome::changed;
}

EditedLine::Outcome EditedLine::swallow_escape(unsigned char byte) {
    const bool opens = escape_ == Escape::begun && (byte == '[' || byte == 'O');
    const bool goes_on = escape_ == Escape::sequence && (byte < 0x40 || byte > 0x7e);
    escape_ = opens || goes_on ? Escape::sequence : Escape::none;
    return Outcome::nothing;
}

void EditedLine::erase_character() {
    while (!text_.empty() && continues_a_character(text_.back())) text_.pop_back();
    if (!text_.empty()) text_.pop_back();
}

void EditedLine::erase_word() {
    while (text_.ends_with(' ')) text_.pop_back();
    while (!text_.empty() && !text_.ends_with(' ')) text_.pop_back();
}

std::string_view fitting_tail(std::string_view text, std::size_t columns) {
    // No character takes more than four bytes and fewer than none columns: this much is enough.
    constexpr std::size_t bytes_per_column = 16;
    if (text.size() > columns * bytes_per_column) text.remove_prefix(text.size() - columns * bytes_per_column);
    while (!text.empty() && continues_a_character(text.front())) text.remove_prefix(1);
    std::size_t width = 0;
    for (auto rest = text; !rest.empty();) {
        const auto character = next_character(rest);
        width += width_of(character.code);
        rest.remove_prefix(character.bytes.size());
    }
    while (width > columns) {
        const auto character = next_character(text);
        width -= width_of(character.code);
        text.remove_prefix(character.bytes.size());
    }
    return text;
}

Prompt::Prompt(int input, int output, EditedLine::Completion completion)
    : output_(output), mode_(input), line_(std::move(completion)) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    auto keys = mode_.before();
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    mode_.enter(keys, TCSANOW);
    show();
}

Prompt::~Prompt() { hide(); }

void Prompt::on_keys(std::string_view keys, const std::function<void(std::string)>& on_line,
                     const std::function<void()>& on_end) {
    for (const char key : keys) {
        switch (line_.press(static_cast<unsigned char>(key))) {
            case EditedLine::Outcome::entered:
                hide();
                write(displayable(line_.text()) + "\n");  // what was said stays on the screen
                on_line(line_.take());
                break;
            case EditedLine::Outcome::ended: on_end(); break;
            default: break;
        }
    }
    hide();
    show();
}

void Prompt::hide() { write("\r\x1b[K"); }

void Prompt::show() {
    const auto shown = displayable(line_.text());
    const auto room = columns() - std::min(columns(), mark.size() + 1);
    write(std::string(mark) + std::string(fitting_tail(shown, room)));
}

void Prompt::write(std::string_view text) const {
    while (!text.empty()) {
        const auto written = ::write(output_, text.data(), text.size());
        if (written <= 0) return;  // the terminal has gone; the reader notices
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::size_t Prompt::columns() const {
    winsize size{};
    return ::ioctl(output_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace parley::ui
