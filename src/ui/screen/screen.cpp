#include "ui/screen/screen.h"

#include <algorithm>
#include <utility>

namespace parley::ui::screen {
namespace {

constexpr int wheel_rows = 3;

constexpr std::string_view keys_help =
    "Keys: Tab completes; Alt-Enter breaks the line; Up and Down recall; PageUp, PageDown and the wheel scroll, End "
    "goes "
    "to the newest, Alt-U to the first unread; Alt-1..9, Alt-Left/Right, Ctrl-N/P change rooms; F2 hides the people; "
    "Alt-M unfolds long messages; Ctrl-L draws anew; Ctrl-Z suspends. With the mouse, Shift selects text.";

}  // namespace

Screen::Screen(Theme theme, Callbacks callbacks) : theme_(theme), callbacks_(std::move(callbacks)) {}

Window& Screen::add_window(RoomLabel label) {
    Window::Surroundings surroundings{
        .clock = callbacks_.clock,
        .on_change = [this](Window&) { callbacks_.on_dirty(); },
        .on_message =
            [this](Window& window) {
                announce(window);
                if (window.is_attended()) callbacks_.on_seen(window);
            },
        .on_safety_number = [this](Window& window, const auto& number) { show_safety_number(window, number); }};
    windows_.push_back(std::make_unique<Window>(std::move(label), std::move(surroundings)));
    attend();
    return *windows_.back();
}

std::unique_ptr<Window> Screen::remove_window(const Window& window) {
    const auto found = std::ranges::find(windows_, &window, &std::unique_ptr<Window>::get);
    const auto index = static_cast<std::size_t>(found - windows_.begin());
    auto removed = std::move(*found);
    windows_.erase(found);
    if (current_ > index || current_ == windows_.size()) current_ = current_ > 0 ? current_ - 1 : 0;
    attend();
    callbacks_.on_dirty();
    return removed;
}

void Screen::open(const Window& window) {
    const auto found = std::ranges::find(windows_, &window, &std::unique_ptr<Window>::get);
    go_to(static_cast<std::size_t>(found - windows_.begin()));
}

void Screen::go_to(std::size_t index) {
    if (index >= windows_.size()) return;
    current_ = index;
    attend();
    callbacks_.on_dirty();
}

void Screen::step(int by) {
    const auto count = static_cast<int>(windows_.size());
    go_to(static_cast<std::size_t>((static_cast<int>(current_) + by + count) % count));
}

/// Of all rooms the person looks at the open one, while they look here at all.
void Screen::attend() {
    const bool looks = focused_ && !lock_;
    for (std::size_t i = 0; i < windows_.size(); ++i) windows_[i]->attend(looks && i == current_);
    if (looks && !windows_.empty()) callbacks_.on_seen(current());
}

/// Once for each room until somebody looks: a flood of messages is not a flood of bells.
void Screen::announce(const Window& window) {
    if (notify_ == NotifyWish::off || window.unread() != 1) return;
    effects_.emplace_back(Ring{});
    if (notify_ == NotifyWish::on) effects_.emplace_back(Announce{});
}

void Screen::show_safety_number(const Window& window, const client::SafetyNumber& number) {
    if (&window != &current()) return;
    Overlay overlay;
    overlay.title = "Safety number with " + label_of(number.person);
    overlay.picture = qr_of(number.digits);
    overlay.too_small = ".";
    for (std::size_t at = 0; at < number.digits.size(); at += 20) {
        overlay.lines.push_back(grouped(std::string_view(number.digits).substr(at, 20)));
    }
    overlay.lines.emplace_back("The same on both sides? Then: /verify NAME DIGITS. Any key goes back.");
    cover_with(std::move(overlay));
}

void Screen::on_input(const Input& input) {
    if (windows_.empty()) return;
    if (lock_) on_locked(input);
    else if (question_) on_asked(input);
    else std::visit([this](const auto& value) { on(value); }, input);
    callbacks_.on_dirty();
}

void Screen::on_locked(const Input& input) {
    if (const auto* focus = std::get_if<Focus>(&input)) focused_ = focus->here;
    if (const auto* paste = std::get_if<Paste>(&input)) lock_->paste(paste->text);
    const auto* key = std::get_if<Key>(&input);
    if (key != nullptr && lock_->press(*key) == Lock::Outcome::entered) callbacks_.on_passphrase(lock_->take());
}

void Screen::ask_passphrase(std::string title, OnAnswer on_answer) {
    overlay_.reset();
    question_.emplace(Question{Lock(std::move(title)), std::move(on_answer)});
    callbacks_.on_dirty();
}

/// The answer may ask again: the question is over before it is given.
void Screen::on_asked(const Input& input) {
    if (const auto* paste = std::get_if<Paste>(&input)) return question_->box.paste(paste->text);
    const auto* key = std::get_if<Key>(&input);
    if (key == nullptr) return;
    const bool escaped = key->code == KeyCode::escape || (key->ctrl && key->character == 'c');
    if (!escaped && question_->box.press(*key) != Lock::Outcome::entered) return;
    auto asked = std::move(*std::exchange(question_, std::nullopt));
    asked.on_answer(escaped ? std::nullopt : std::optional(asked.box.take()));
}

void Screen::lock() {
    overlay_.reset();
    question_.reset();
    lock_.emplace("Locked. Messages go on arriving.");
    attend();
    callbacks_.on_dirty();
}

void Screen::unlock() {
    lock_.reset();
    attend();
    callbacks_.on_dirty();
}

void Screen::on(const Key& key) {
    if (std::exchange(overlay_, std::nullopt)) return;  // any key goes back, and does nothing else
    const bool asks_to_leave = key.ctrl && (key.character == 'c' || key.character == 'd');
    if (!asks_to_leave) leaving_ = false;
    const bool walks = key.code == KeyCode::tab || key.code == KeyCode::back_tab;
    if (!walks) current().completion.end();
    if (!on_screen_key(key)) on_editor_key(key);
}

bool Screen::on_screen_key(const Key& key) {
    switch (key.code) {
        case KeyCode::tab: complete(false); return true;
        case KeyCode::back_tab: complete(true); return true;
        case KeyCode::page_up: current().scroll_page(true); return true;
        case KeyCode::page_down: current().scroll_page(false); return true;
        case KeyCode::f1: show_help(); return true;
        case KeyCode::f2: on(ToggleMembers{}); return true;
        case KeyCode::end:
            if (!current().editor.at_end()) return false;
            current().scroll_to_end();
            return true;
        case KeyCode::left:
        case KeyCode::right:
        case KeyCode::up:
        case KeyCode::down: return on_alt(key);
        case KeyCode::character: return key.ctrl ? on_control(key.character) : on_alt(key);
        default: return false;
    }
}

bool Screen::on_control(char32_t letter) {
    switch (letter) {
        case 'c': leave(); return true;
        case 'd':
            if (!current().editor.text().empty()) return false;
            leave();
            return true;
        case 'l': effects_.emplace_back(Redraw{}); return true;
        case 'n': step(1); return true;
        case 'p': step(-1); return true;
        case 'z': effects_.emplace_back(Suspend{}); return true;
        default: return false;
    }
}

bool Screen::on_alt(const Key& key) {
    if (!key.alt) return false;
    if (key.code == KeyCode::left) return step(-1), true;
    if (key.code == KeyCode::right) return step(1), true;
    if (key.code == KeyCode::up) return current().scroll(-1), true;
    if (key.code == KeyCode::down) return current().scroll(1), true;
    if (key.character >= '1' && key.character <= '9') return go_to(key.character - '1'), true;
    if (key.character == 'm') return current().toggle_folding(), true;
    if (key.character == 'u') return current().jump_to_unread(), true;
    return false;
}

void Screen::on_editor_key(const Key& key) {
    switch (current().editor.press(key)) {
        case Editor::Outcome::entered: return enter();
        case Editor::Outcome::full: return current().warn("A message has at most 60,000 bytes.");
        case Editor::Outcome::unknown: return;
        case Editor::Outcome::changed: return note_typing();
    }
}

/// Commands are between a person and this program.
void Screen::note_typing() {
    const auto& text = current().editor.text();
    if (!text.empty() && !text.starts_with('/')) callbacks_.on_typing(current());
}

void Screen::on(const Paste& paste) {
    overlay_.reset();
    if (paste.cut || current().editor.insert(paste.text) == Editor::Outcome::full) {
        current().warn("That is over 60,000 bytes and was not pasted: send it in parts, or as a file.");
    }
}

void Screen::on(const Wheel& wheel) { current().scroll(wheel.up ? -wheel_rows : wheel_rows); }

void Screen::on(const Focus& focus) {
    focused_ = focus.here;
    attend();
}

void Screen::enter() {
    if (current().editor.text().empty()) return;
    callbacks_.on_line(current(), current().editor.take());
}

void Screen::leave() {
    if (!current().editor.text().empty()) return current().editor.clear();
    if (std::exchange(leaving_, true)) return callbacks_.on_leave();
    current().note("Once more to leave; /quit does the same.");
}

Vocabulary Screen::vocabulary() { return {command_names(), current().people().labels()}; }

void Screen::complete(bool backwards) {
    auto& window = current();
    const auto before = std::string_view(window.editor.text()).substr(0, window.editor.cursor());
    const auto* word = window.completion.next(before, vocabulary(), backwards);
    if (word != nullptr) window.editor.replace_before_cursor(window.completion.begin(), *word);
}

void Screen::show_help() {
    current().note(help_text());
    current().note(keys_help);
}

void Screen::obey(const ScreenCommand& command) {
    std::visit([this](const auto& value) { on(value); }, command);
    callbacks_.on_dirty();
}

void Screen::on(const Search& command) {
    const auto count = current().search(command.text);
    if (command.text.empty()) return;
    if (count == 0) return current().warn("Nothing here reads like that.");
}

void Screen::on(const SwitchTo& command) {
    if (command.number > windows_.size()) return current().warn("There is no window of that number.");
    go_to(command.number - 1);
}

void Screen::on(const ToggleMembers&) { members_ = members_shown_ ? MembersWish::hidden : MembersWish::shown; }

void Screen::on(const Clear&) { current().clear(); }

void Screen::on(const Notify& command) {
    notify_ = command.wish;
    constexpr std::array words{"Notifications: bell and desktop, without what was said.", "Notifications: off.",
                               "Notifications: the bell alone."};
    current().note(words[static_cast<std::size_t>(command.wish)]);
}

void Screen::on(const Mouse& command) {
    effects_.emplace_back(SetMouse{command.on});
    current().note(command.on ? "The wheel scrolls here; Shift selects text."
                              : "The mouse is the terminal's own again.");
}

bool Screen::forget_due() {
    bool more = false;
    for (const auto& window : windows_) {
        window->forget_due();
        more = more || window->transcript().next_forgetting().has_value();
    }
    callbacks_.on_dirty();
    return more;
}

void Screen::wipe() {
    overlay_.reset();
    for (const auto& window : windows_) {
        window->clear();
        window->editor.clear();
    }
}

void Screen::copy_out(std::string text) { effects_.emplace_back(CopyOut{std::move(text)}); }

Picture Screen::paint(Size size) {
    Picture picture{Canvas(size), {}};
    if (windows_.empty()) return picture;
    Paint paint(picture.canvas, theme_);
    if (lock_ || question_) {
        picture.cursor = paint.lock(lock_ ? *lock_ : question_->box);
        return picture;
    }
    auto& window = current();
    const auto layout = arrange(size, input_rows(window, size.columns), members_);
    members_shown_ = !layout.members.empty();
    paint.title(layout.title, window);
    paint.transcript(layout.transcript, window);
    paint.members(layout.members, window);
    paint.status(layout.status, windows_, window);
    picture.cursor = paint.input(layout.input, window);
    if (overlay_) {
        paint.overlay(*overlay_);
        picture.cursor = {size.columns - 1, size.rows - 1};
    }
    return picture;
}

}  // namespace parley::ui::screen
