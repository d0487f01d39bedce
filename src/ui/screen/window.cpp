#include "ui/screen/window.h"

#include <algorithm>
#include <utility>

namespace parley::ui::screen {
namespace {

EntryKind kind_of(Mark mark) {
    switch (mark) {
        case Mark::news: return EntryKind::news;
        case Mark::good: return EntryKind::good;
        case Mark::wrong: return EntryKind::wrong;
    }
    return EntryKind::news;
}

}  // namespace

EntryId Window::add(Entry entry) {
    entry.at = surroundings_.clock();
    const auto id = transcript_.add(std::move(entry));
    surroundings_.on_change(*this);
    return id;
}

void Window::add(Mark mark, std::string_view text) {
    Entry entry;
    entry.text = SafeText::of(text);
    entry.kind = kind_of(mark);
    (void)add(std::move(entry));
}

void Window::show(const client::Event& event) {
    people_.on(event);
    note_connection(event);
    on_signs(event);
    for (const auto& worded : wording_.of(event)) add(worded.mark, worded.text);
    if (const auto* message = std::get_if<client::MessageReceived>(&event)) add_message(*message);
    if (const auto* change = std::get_if<client::LineChanged>(&event)) on_line(*change);
    if (const auto* code = std::get_if<client::CodeReady>(&event)) {
        add(Mark::good, "Tell this code to the one you expect: " + code->code);
    }
    if (const auto* number = std::get_if<client::SafetyNumber>(&event)) surroundings_.on_safety_number(*this, *number);
    surroundings_.on_change(*this);
}

void Window::note_connection(const client::Event& event) {
    if (std::holds_alternative<client::Connected>(event)) connection_.clear();
    if (std::holds_alternative<client::ConnectionLost>(event)) connection_ = "not connected";
}

void Window::on_signs(const client::Event& event) {
    if (const auto* read = std::get_if<client::ReadBy>(&event)) transcript_.mark_read(read->line);
    if (const auto* wish = std::get_if<client::TimeToLiveChanged>(&event)) time_to_live_ = wish->seconds;
    if (const auto* message = std::get_if<client::MessageReceived>(&event)) typing_.erase(message->person.id);
    if (const auto* sign = std::get_if<client::Typing>(&event)) {
        if (sign->typing) typing_[sign->person.id] = label_of(sign->person);
        else typing_.erase(sign->person.id);
    }
}

std::string Window::typing() const {
    if (typing_.empty()) return {};
    if (typing_.size() > 1) return std::to_string(typing_.size()) + " are typing";
    return typing_.begin()->second + " is typing";
}

void Window::add_message(const client::MessageReceived& message) {
    Entry entry;
    entry.kind = EntryKind::message;
    entry.text = SafeText::of(message.text);
    entry.author = transcript_.author({label_of(message.person), colour_of(message.person.id)});
    if (message.ttl != 0) entry.forget_at = surroundings_.clock() + message.ttl;
    const auto id = add(std::move(entry));
    if (!attended_) {
        if (!unread_from_) unread_from_ = id;
        ++unread_;
    }
    surroundings_.on_message(*this);
}

void Window::commanded(const client::Command& command) {
    if (const auto* say = std::get_if<client::Say>(&command)) saying_ = say->text;
    const bool decides =
        std::holds_alternative<client::Accept>(command) || std::holds_alternative<client::Block>(command);
    if (decides) people_.decided();
}

void Window::introduce_self(const client::Person& self) { own_label_ = label_of(self); }

/// The client numbers what was said, and tells it first of all as queued.
void Window::on_line(const client::LineChanged& change) {
    const bool numbered = change.state == client::LineState::queued && !change.person;
    if (!numbered || !saying_) return transcript_.set_state(change.line, change.state);
    Entry entry;
    entry.kind = EntryKind::message;
    entry.text = SafeText::of(*std::exchange(saying_, std::nullopt));
    entry.line = change.line;
    entry.author = transcript_.author({own_label_, 0, true});
    if (time_to_live_ != 0) entry.forget_at = surroundings_.clock() + time_to_live_;
    (void)add(std::move(entry));
    has_spoken_ = true;
    scroll_.to_end();
}

void Window::attend(bool attended) {
    if (attended) unread_ = 0;
    else if (attended_) unread_from_.reset();  // all up to here was seen
    attended_ = attended;
}

std::vector<Row> Window::visible_rows(Cut cut, int height) {
    cut_ = cut;
    height_ = height;
    cut_.folded = folded_;
    cut_.unread_from = unread_from_;
    return scroll_.visible(transcript_, cut_, height);
}

void Window::scroll(int rows) { scroll_.move(transcript_, cut_, rows, height_); }

void Window::scroll_page(bool up) { scroll(std::max(height_ - 1, 1) * (up ? -1 : 1)); }

bool Window::jump_to_unread() {
    if (!unread_from_ || !transcript_.holds(*unread_from_)) return false;
    // Its line stands at the top, where one goes on reading.
    scroll_.show(transcript_, cut_, *unread_from_, height_, height_ - 1);
    return true;
}

std::size_t Window::search(const std::string& text) {
    if (text != searched_) {
        searched_ = text;
        search_from_ = transcript_.next();
        found_ = text.empty() ? 0 : transcript_.count_matches(text);
    }
    if (found_ == 0) return 0;
    auto place = transcript_.search_back(text, search_from_);
    if (!place) place = transcript_.search_back(text, transcript_.next());  // once more from the end
    if (!place) return 0;
    search_from_ = *place;
    scroll_.show(transcript_, cut_, *place, height_, height_ / 2);
    return found_;
}

void Window::clear() {
    transcript_.clear();
    scroll_.to_end();
    unread_from_.reset();
    (void)search({});
}

}  // namespace parley::ui::screen
