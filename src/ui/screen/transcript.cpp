#include "ui/screen/transcript.h"

#include <algorithm>

#include "ui/filter.h"
#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

constexpr std::string_view tab = "    ";

std::string without_tabs(std::string_view text) {
    std::string out;
    for (const char c : text) c == '\t' ? out += tab : out += c;
    return out;
}

}  // namespace

SafeText SafeText::of(std::string_view text) {
    std::string out;
    for (;;) {
        const auto end = text.find('\n');
        out += displayable(without_tabs(text.substr(0, end)));
        if (end == text.npos) break;
        out += '\n';
        text.remove_prefix(end + 1);
    }
    return SafeText(std::move(out));
}

AuthorId Transcript::author(Author author) {
    const auto same = [&](const Author& known) { return known.label == author.label && known.own == author.own; };
    // The newest name of somebody is the likeliest.
    const auto found = std::ranges::find_if(authors_.rbegin(), authors_.rend(), same);
    if (found != authors_.rend()) return static_cast<AuthorId>(authors_.rend() - found - 1);
    authors_.push_back(std::move(author));
    return static_cast<AuthorId>(authors_.size() - 1);
}

EntryId Transcript::add(Entry entry) {
    const auto id = next();
    text_bytes_ += entry.text.text().size();
    if (entry.forget_at != 0) next_forgetting_ = std::min(entry.forget_at, next_forgetting_.value_or(entry.forget_at));
    if (entry.line != 0) own_lines_.push_back({entry.line, id});
    entries_.push_back(std::move(entry));
    while (entries_.size() > max_entries || (text_bytes_ > max_text_bytes && entries_.size() > 1)) forget_oldest();
    return id;
}

void Transcript::forget_oldest() {
    text_bytes_ -= entries_.front().text.text().size();
    entries_.pop_front();
    ++first_;
    while (!own_lines_.empty() && own_lines_.front().entry < first_) own_lines_.pop_front();
}

void Transcript::set_state(client::LineNumber line, client::LineState state) {
    const auto found = std::ranges::lower_bound(own_lines_, line, {}, &OwnLine::line);
    if (found == own_lines_.end() || found->line != line) return;
    entries_[found->entry - first_].state = state;
}

void Transcript::mark_read(client::LineNumber through) {
    for (auto own = own_lines_.rbegin(); own != own_lines_.rend(); ++own) {
        auto& entry = entries_[own->entry - first_];
        if (own->line > through) continue;
        if (entry.read) return;  // and so was all before it
        entry.read = true;
    }
}

void Transcript::forget_due(WallSeconds now) {
    if (!next_forgetting_ || *next_forgetting_ > now) return;
    next_forgetting_.reset();
    for (auto id = first_; id < next(); ++id) {
        auto& entry = entries_[id - first_];
        if (entry.forget_at == 0) continue;
        if (entry.forget_at > now) {
            next_forgetting_ = std::min(entry.forget_at, next_forgetting_.value_or(entry.forget_at));
            continue;
        }
        entry.forget_at = 0;
        entry.kind = EntryKind::news;
        entry.text.wipe();
        (void)replace(id, SafeText::of("(removed, as its author asked)"));
    }
}

bool Transcript::replace(EntryId id, SafeText text) {
    if (!holds(id)) return false;
    auto& entry = entries_[id - first_];
    text_bytes_ = text_bytes_ - entry.text.text().size() + text.text().size();
    entry.text = std::move(text);
    return true;
}

void Transcript::clear() {
    first_ = next();
    for (auto& entry : entries_) entry.text.wipe();
    entries_.clear();
    own_lines_.clear();
    text_bytes_ = 0;
    next_forgetting_.reset();
}

bool Transcript::matches(EntryId id, std::string_view wanted) const {
    return find_ignoring_case((*this)[id].text.text(), wanted).has_value();
}

std::optional<EntryId> Transcript::search_back(std::string_view wanted, EntryId before) const {
    for (auto id = std::min(before, next()); id > first_; --id) {
        if (matches(id - 1, wanted)) return id - 1;
    }
    return std::nullopt;
}

std::size_t Transcript::count_matches(std::string_view wanted) const {
    std::size_t count = 0;
    for (auto id = first_; id < next(); ++id) count += matches(id, wanted) ? 1 : 0;
    return count;
}

}  // namespace parley::ui::screen
