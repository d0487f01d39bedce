#include "ui/screen/rows.h"

#include <algorithm>
#include <ctime>

namespace parley::ui::screen {
namespace {

/// Where the row that begins at `begin` ends, and where the next one begins.
struct Break {
    std::size_t end;
    std::size_t next;
};

Break break_of(std::string_view text, std::size_t begin, int columns, Breaking breaking) {
    auto at = begin;
    auto blank = text.npos;
    int used = 0;
    while (at < text.size()) {
        if (text[at] == '\n') return {at, at + 1};
        const auto [code, bytes] = first_code_point(text.substr(at));
        used += columns_of(code);
        if (used > columns && at > begin) {
            if (breaking == Breaking::anywhere) return {at, at};
            if (text[at] == ' ') return {at, at + 1};
            // A word that is longer than a row is cut where the row ends.
            return blank == text.npos ? Break{at, at} : Break{blank, blank + 1};
        }
        if (text[at] == ' ') blank = at;
        at += bytes;
    }
    return {at, text.npos};
}

/// Entries that are as good as one row are not worth folding away their last few.
constexpr std::size_t not_folded_up_to = folded_rows + 3;

std::vector<Row> text_rows(EntryId id, const Entry& entry, const Cut& cut) {
    const auto& text = entry.text.text();
    // What we say ourselves is never too long.
    const bool may_fold = cut.folded && entry.kind == EntryKind::message;
    auto spans = wrapped(text, cut.columns, may_fold ? not_folded_up_to + 1 : text.npos);
    const bool fold = may_fold && spans.size() > not_folded_up_to;
    if (fold) spans.resize(folded_rows);
    std::vector<Row> rows;
    for (const auto& span : spans) rows.push_back({id, rows.empty() ? RowKind::first : RowKind::rest, span});
    if (fold) rows.push_back({id, RowKind::more, {spans.back().end, text.size()}});
    return rows;
}

bool begins_a_day(const Transcript& transcript, EntryId id) {
    return id == transcript.first() || day_of(transcript[id].at) != day_of(transcript[id - 1].at);
}

/// Above the first message of several by one author.
bool wants_heading(const Transcript& transcript, EntryId id) {
    const auto& entry = transcript[id];
    if (entry.kind != EntryKind::message) return false;
    if (id == transcript.first()) return true;
    const auto& before = transcript[id - 1];
    return before.kind != EntryKind::message || before.author != entry.author;
}

}  // namespace

std::int64_t day_of(WallSeconds at) {
    const std::time_t time = at;
    std::tm local{};
    ::localtime_r(&time, &local);
    return std::int64_t{local.tm_year} * 366 + local.tm_yday;
}

std::vector<Span> wrapped(std::string_view text, int columns, std::size_t max_rows, Breaking breaking) {
    std::vector<Span> rows;
    for (std::size_t begin = 0; begin != text.npos && rows.size() < max_rows;) {
        const auto [end, next] = break_of(text, begin, std::max(columns, 1), breaking);
        rows.push_back({begin, end});
        begin = next;
    }
    return rows;
}

std::vector<Row> rows_of(const Transcript& transcript, EntryId id, const Cut& cut) {
    const bool day = begins_a_day(transcript, id);
    const bool unread = cut.unread_from == id;
    auto rows = text_rows(id, transcript[id], cut);
    if (cut.headings && (day || unread || wants_heading(transcript, id)) && transcript[id].kind == EntryKind::message) {
        rows.insert(rows.begin(), {id, RowKind::heading});
    }
    if (unread) rows.insert(rows.begin(), {id, RowKind::unread});
    if (day) rows.insert(rows.begin(), {id, RowKind::day});
    return rows;
}

std::optional<Scroll::Place> Scroll::last_place(const Transcript& transcript, const Cut& cut) const {
    if (transcript.empty()) return std::nullopt;
    const auto newest = transcript.next() - 1;
    const auto entry = bottom_ ? std::clamp(bottom_->entry, transcript.first(), newest) : newest;
    const auto last = rows_of(transcript, entry, cut).size() - 1;
    return Place{entry, bottom_ ? std::min(bottom_->row, last) : last};
}

std::vector<Row> Scroll::visible(const Transcript& transcript, const Cut& cut, int height) const {
    std::vector<Row> shown;
    const auto place = last_place(transcript, cut);
    if (!place) return shown;
    for (auto id = place->entry; static_cast<int>(shown.size()) < height; --id) {
        const auto rows = rows_of(transcript, id, cut);
        auto left = id == place->entry ? place->row + 1 : rows.size();
        while (left > 0 && static_cast<int>(shown.size()) < height) shown.push_back(rows[--left]);
        if (id == transcript.first()) break;
    }
    std::ranges::reverse(shown);
    return shown;
}

void Scroll::move(const Transcript& transcript, const Cut& cut, int rows, int height) {
    if (rows < 0) move_up(transcript, cut, -rows, height);
    else move_down(transcript, cut, rows);
}

void Scroll::move_up(const Transcript& transcript, const Cut& cut, int rows, int height) {
    // Rows from the place upwards, as many as must still be seen when it has moved.
    const auto reach = visible(transcript, cut, height + rows);
    const auto possible = static_cast<int>(reach.size()) - height;
    if (possible <= 0) return;
    const auto& target = reach[reach.size() - 1 - static_cast<std::size_t>(std::min(rows, possible))];
    const auto all = rows_of(transcript, target.entry, cut);
    const auto same = [&](const Row& row) { return row.kind == target.kind && row.span == target.span; };
    bottom_ = Place{target.entry, static_cast<std::size_t>(std::ranges::find_if(all, same) - all.begin())};
}

void Scroll::move_down(const Transcript& transcript, const Cut& cut, int rows) {
    auto place = last_place(transcript, cut);
    if (at_end() || !place) return;
    auto left = static_cast<std::size_t>(rows);
    for (;;) {
        const auto last = rows_of(transcript, place->entry, cut).size() - 1;
        const bool newest = place->entry + 1 == transcript.next();
        if (place->row + left < last || (place->row + left == last && !newest)) {
            bottom_ = Place{place->entry, place->row + left};
            return;
        }
        if (newest) return to_end();
        left -= last - place->row + 1;
        place = Place{place->entry + 1, 0};
    }
}

void Scroll::show(const Transcript& transcript, const Cut& cut, EntryId id, int height, int below) {
    if (!transcript.holds(id)) return;
    bottom_ = Place{id, 0};
    const auto above = visible(transcript, cut, height);
    // An entry near the beginning: fill the screen from its top.
    const auto missing = std::max(height - static_cast<int>(above.size()), below);
    move_down(transcript, cut, missing);
}

std::uint64_t Scroll::below(const Transcript& transcript) const {
    if (!bottom_ || transcript.empty()) return 0;
    return transcript.next() - 1 - std::clamp(bottom_->entry, transcript.first(), transcript.next() - 1);
}

}  // namespace parley::ui::screen
