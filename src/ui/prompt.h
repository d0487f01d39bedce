// The line a person is typing, kept whole while messages come in above it. It reads keys itself,
// because a terminal that collects lines for us cuts them at 4,096 bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "ui/terminal_mode.h"

namespace parley::ui {

/// What was typed so far and what a key does to it. Knows no terminal.
class EditedLine {
public:
    enum class Outcome { nothing, changed, entered, ended };
    /// What Tab makes of a text: the text itself where there is nothing to add.
    using Completion = std::function<std::string(std::string_view)>;

    explicit EditedLine(Completion completion = {}) : completion_(std::move(completion)) {}

    /// One byte from the keyboard.
    Outcome press(unsigned char byte);

    const std::string& text() const { return text_; }
    std::string take() { return std::exchange(text_, {}); }

private:
    enum class Escape { none, begun, sequence };

    Outcome swallow_escape(unsigned char byte);
    void erase_character();
    void erase_word();

    Completion completion_;
    std::string text_;
    Escape escape_ = Escape::none;  ///< within a key that sends several bytes, which mean nothing here
};

/// The end of a text that fits into so many columns.
std::string_view fitting_tail(std::string_view text, std::size_t columns);

class Prompt {
public:
    /// Puts the terminal into the mode that gives each key; the destructor restores it.
    Prompt(int input, int output, EditedLine::Completion completion = {});
    ~Prompt();
    Prompt(const Prompt&) = delete;
    Prompt& operator=(const Prompt&) = delete;

    void on_keys(std::string_view keys, const std::function<void(std::string)>& on_line,
                 const std::function<void()>& on_end);

    /// Before and after something else is written to the terminal.
    void hide();
    void show();

private:
    void write(std::string_view text) const;
    std::size_t columns() const;

    int output_;
    TerminalMode mode_;
    EditedLine line_;
};

}  // namespace parley::ui
