// The line, or lines, a person is typing. Keys as readline has them; knows no terminal.
#pragma once

#include <string>
#include <vector>

#include "ui/screen/keys.h"

namespace parley::ui::screen {

/// What was entered before, and the way back to what is being typed.
class InputHistory {
public:
    void add(const std::string& text);
    /// One step back or forth; nothing where there is none.
    const std::string* older(const std::string& current);
    const std::string* newer();

private:
    /// More is not walked through by hand.
    static constexpr std::size_t max_kept = 500;

    std::vector<std::string> entered_;
    std::size_t at_ = 0;
    std::string draft_;  ///< what was typed when the walk began
};

class Editor {
public:
    /// Bytes of one message (PROTOCOL 4.1).
    static constexpr std::size_t max_text = 60'000;

    enum class Outcome {
        unknown,  ///< this key means nothing to an editor
        changed,
        entered,
        full,  ///< it would be over max_text: nothing changed
    };

    Outcome press(const Key& key);
    Outcome insert(std::string_view text);

    const std::string& text() const { return text_; }
    /// In bytes, always between two graphemes.
    std::size_t cursor() const { return cursor_; }
    bool at_end() const { return cursor_ == text_.size(); }

    /// What was entered; it can be reached again with Up.
    std::string take();
    void clear();
    /// Puts `text` in the place of what stands from `begin` to the cursor.
    void replace_before_cursor(std::size_t begin, std::string_view text);

private:
    Outcome press_control(char32_t letter);
    Outcome press_alt(char32_t letter);
    Outcome move_to(std::size_t at);
    Outcome erase(std::size_t begin, std::size_t end);
    Outcome kill(std::size_t begin, std::size_t end);
    Outcome vertical(bool up);
    Outcome recall(const std::string* text);
    Outcome transpose();
    std::size_t line_begin() const;
    std::size_t line_end() const;
    std::size_t word_begin() const;
    std::size_t word_end() const;
    std::size_t blank_word_begin() const;

    std::string text_;
    std::size_t cursor_ = 0;
    std::string killed_;
    InputHistory history_;
};

}  // namespace parley::ui::screen
