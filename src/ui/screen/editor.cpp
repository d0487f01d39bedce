#include "ui/screen/editor.h"

#include <utility>

#include "base/utf8.h"
#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

/// Letters and digits of all languages are what a word is made of.
bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// What is no UTF-8 becomes U+FFFD: a message has to be valid.
std::string valid(std::string_view text) {
    if (is_valid_utf8(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const auto [code, bytes] = first_code_point(text);
        out += as_utf8(code);
        text.remove_prefix(bytes);
    }
    return out;
}

}  // namespace

void InputHistory::add(const std::string& text) {
    if (!text.empty() && (entered_.empty() || entered_.back() != text)) entered_.push_back(text);
    if (entered_.size() > max_kept) entered_.erase(entered_.begin());
    at_ = entered_.size();
    draft_.clear();
}

const std::string* InputHistory::older(const std::string& current) {
    if (at_ == 0) return nullptr;
    if (at_ == entered_.size()) draft_ = current;
    return &entered_[--at_];
}

const std::string* InputHistory::newer() {
    if (at_ == entered_.size()) return nullptr;
    return ++at_ == entered_.size() ? &draft_ : &entered_[at_];
}

Editor::Outcome Editor::press(const Key& key) {
    switch (key.code) {
        case KeyCode::character:
            if (key.ctrl) return press_control(key.character);
            if (key.alt) return press_alt(key.character);
            return insert(as_utf8(key.character));
        case KeyCode::enter: return key.alt || key.shift ? insert("\n") : Outcome::entered;
        case KeyCode::backspace:
            return key.alt ? kill(word_begin(), cursor_) : erase(boundary_before(text_, cursor_), cursor_);
        case KeyCode::erase: return erase(cursor_, boundary_after(text_, cursor_));
        case KeyCode::left: return move_to(key.ctrl ? word_begin() : boundary_before(text_, cursor_));
        case KeyCode::right: return move_to(key.ctrl ? word_end() : boundary_after(text_, cursor_));
        case KeyCode::home: return move_to(line_begin());
        case KeyCode::end: return move_to(line_end());
        case KeyCode::up: return vertical(true);
        case KeyCode::down: return vertical(false);
        default: return Outcome::unknown;
    }
}

Editor::Outcome Editor::press_control(char32_t letter) {
    switch (letter) {
        case 'a': return move_to(line_begin());
        case 'b': return move_to(boundary_before(text_, cursor_));
        case 'd': return erase(cursor_, boundary_after(text_, cursor_));
        case 'e': return move_to(line_end());
        case 'f': return move_to(boundary_after(text_, cursor_));
        case 'k': return kill(cursor_, line_end() == cursor_ ? boundary_after(text_, cursor_) : line_end());
        case 't': return transpose();
        case 'u': return kill(line_begin(), cursor_);
        case 'w': return kill(blank_word_begin(), cursor_);
        case 'y': return insert(std::string(killed_));
        default: return Outcome::unknown;
    }
}

Editor::Outcome Editor::press_alt(char32_t letter) {
    switch (letter) {
        case 'b': return move_to(word_begin());
        case 'd': return kill(cursor_, word_end());
        case 'f': return move_to(word_end());
        default: return Outcome::unknown;
    }
}

Editor::Outcome Editor::insert(std::string_view text) {
    const auto wanted = valid(text);
    if (text_.size() + wanted.size() > max_text) return Outcome::full;
    text_.insert(cursor_, wanted);
    cursor_ += wanted.size();
    return Outcome::changed;
}

Editor::Outcome Editor::move_to(std::size_t at) {
    cursor_ = at;
    return Outcome::changed;
}

Editor::Outcome Editor::erase(std::size_t begin, std::size_t end) {
    text_.erase(begin, end - begin);
    return move_to(begin);
}

Editor::Outcome Editor::kill(std::size_t begin, std::size_t end) {
    if (begin != end) killed_ = text_.substr(begin, end - begin);
    return erase(begin, end);
}

/// Within the text while it has a line there, through the history beyond it.
Editor::Outcome Editor::vertical(bool up) {
    const auto begin = line_begin();
    const auto column = columns_of(std::string_view(text_).substr(begin, cursor_ - begin));
    if (up) {
        if (begin == 0) return recall(history_.older(text_));
        cursor_ = begin - 1;
    } else {
        if (line_end() == text_.size()) return recall(history_.newer());
        cursor_ = line_end() + 1;
    }
    cursor_ = line_begin();
    const auto line = std::string_view(text_).substr(cursor_, line_end() - cursor_);
    return move_to(cursor_ + fitting_head(line, column).size());
}

Editor::Outcome Editor::recall(const std::string* text) {
    if (text != nullptr) text_ = *text;
    return move_to(text != nullptr ? text_.size() : cursor_);
}

Editor::Outcome Editor::transpose() {
    const auto middle = boundary_before(text_, cursor_ == text_.size() ? cursor_ : boundary_after(text_, cursor_));
    const auto begin = boundary_before(text_, middle);
    const auto end = boundary_after(text_, middle);
    if (begin == middle) return Outcome::changed;
    const auto swapped = text_.substr(middle, end - middle) + text_.substr(begin, middle - begin);
    text_.replace(begin, end - begin, swapped);
    return move_to(end);
}

std::size_t Editor::line_begin() const {
    const auto before = cursor_ == 0 ? text_.npos : text_.rfind('\n', cursor_ - 1);
    return before == text_.npos ? 0 : before + 1;
}

std::size_t Editor::line_end() const { return std::min(text_.find('\n', cursor_), text_.size()); }

std::size_t Editor::word_begin() const {
    auto at = cursor_;
    while (at > 0 && !is_word_byte(text_[at - 1])) --at;
    while (at > 0 && is_word_byte(text_[at - 1])) --at;
    return at;
}

std::size_t Editor::word_end() const {
    auto at = cursor_;
    while (at < text_.size() && !is_word_byte(text_[at])) ++at;
    while (at < text_.size() && is_word_byte(text_[at])) ++at;
    return at;
}

std::size_t Editor::blank_word_begin() const {
    const auto is_blank = [](char c) { return c == ' ' || c == '\n'; };
    auto at = cursor_;
    while (at > 0 && is_blank(text_[at - 1])) --at;
    while (at > 0 && !is_blank(text_[at - 1])) --at;
    return at;
}

std::string Editor::take() {
    history_.add(text_);
    cursor_ = 0;
    return std::exchange(text_, {});
}

void Editor::clear() {
    history_.add({});
    text_.clear();
    cursor_ = 0;
}

void Editor::replace_before_cursor(std::size_t begin, std::string_view text) {
    erase(begin, cursor_);
    (void)insert(text);
}

}  // namespace parley::ui::screen
