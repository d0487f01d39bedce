#include "ui/screen/paint.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace parley::ui::screen {
namespace {

constexpr int prompt_columns = 2;

std::string clock_text(WallSeconds at, const char* format) {
    const std::time_t time = at;
    std::tm local{};
    ::localtime_r(&time, &local);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &local)};
}

std::string_view mark_of(const Entry& entry) {
    if (entry.read) return "vr";
    switch (entry.state) {
        case client::LineState::queued: return ".";
        case client::LineState::accepted: return "v";
        case client::LineState::opened: return "vv";
        case client::LineState::failed: return "!";
    }
    return "";
}

Ink ink_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::message: return Ink::text;
        case EntryKind::news: return Ink::news;
        case EntryKind::good: return Ink::good;
        case EntryKind::wrong: return Ink::wrong;
    }
    return Ink::text;
}

std::string_view sign_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::message: return "";
        case EntryKind::news: return ui::sign_of(Mark::news);
        case EntryKind::good: return ui::sign_of(Mark::good);
        case EntryKind::wrong: return ui::sign_of(Mark::wrong);
    }
    return "";
}

Ink ink_of(Tone tone) { return tone == Tone::good ? Ink::bar_good : tone == Tone::bad ? Ink::bar_bad : Ink::bar; }

Ink ink_of(const Author& author) { return author.own ? Ink::own : author_ink(author.colour); }

std::string period(std::uint32_t seconds) {
    struct Unit {
        std::uint32_t seconds;
        std::string_view name;
    };
    for (const auto& [size, name] : {Unit{86'400, "d"}, Unit{3'600, "h"}, Unit{60, "min"}}) {
        if (seconds >= size && seconds % size == 0) return std::to_string(seconds / size) + " " + std::string(name);
    }
    return std::to_string(seconds) + " s";
}

std::string kilobytes(std::size_t bytes) {
    return bytes < 1024 ? std::to_string(bytes) + " bytes" : std::to_string(bytes / 1024) + " KB";
}

std::string_view part(const std::string& text, const Span& span) {
    return std::string_view(text).substr(span.begin, span.end - span.begin);
}

/// What is typed, as it is shown, and where the cursor is in it.
struct Typed {
    std::string text;
    std::size_t cursor;
};
Typed typed_in(const Window& window) {
    const std::string_view text = window.editor.text();
    return {SafeText::of(text).text(), SafeText::of(text.substr(0, window.editor.cursor())).text().size()};
}

std::vector<Span> typed_rows(const Typed& typed, int columns) {
    auto rows = wrapped(typed.text, columns, std::string::npos, Breaking::anywhere);
    if (rows.empty()) rows.push_back({0, 0});
    // Behind a row that is full the cursor needs one more.
    const auto last = rows.back();
    const bool full = columns_of(part(typed.text, last)) >= columns;
    if (full && typed.cursor == last.end) rows.push_back({last.end, last.end});
    return rows;
}

}  // namespace

std::string Paint::shortened(std::string_view label, int columns) const {
    if (columns_of(label) <= columns) return std::string(label);
    // The tag is what cannot be imitated: it stays.
    const auto tag = label.substr(std::min(label.rfind('#'), label.size()));
    const auto room = columns - columns_of(tag) - columns_of(theme_.signs().cut);
    if (room < 1) return std::string(fitting_head(tag, columns));
    return std::string(fitting_head(label, room)) + std::string(theme_.signs().cut) + std::string(tag);
}

int Paint::put_right(const Rect& area, int row, std::string_view text, Ink ink) {
    const auto shown = fitting_head(text, area.columns);
    const auto column = area.column + area.columns - columns_of(shown);
    canvas_.put(area, {column, row}, shown, ink);
    return column;
}

void Paint::title(const Rect& area, const Window& window) {
    if (area.empty()) return;
    canvas_.fill(area, Ink::bar);
    const auto standing = window.people().standing();
    const auto end = put_right(area, area.row, " " + standing.within(area.columns - 2) + " ", ink_of(standing.tone));
    const Rect left{area.column, area.row, end - area.column - 1, 1};
    auto column = canvas_.put(left, {area.column, area.row}, " " + window.label().name, Ink::bar_here);
    const auto dot = " " + std::string(theme_.signs().dot) + " ";
    const auto lives = window.ttl() == 0 ? std::string() : dot + "messages go after " + period(window.ttl());
    const auto room = left.column + left.columns - column;
    for (const auto& words : {lives + dot + window.label().place, lives}) {
        if (columns_of(words) < room) return (void)canvas_.put(left, {column, area.row}, words, Ink::bar);
    }
}

void Paint::rule(const Rect& area, int row, std::string_view words, Ink ink) {
    for (int column = area.column; column < area.column + area.columns; ++column) {
        canvas_.put(area, {column, row}, theme_.signs().rule, ink);
    }
    const auto shown = " " + std::string(fitting_head(words, std::max(area.columns - 4, 0))) + " ";
    if (area.columns < 6) return;
    canvas_.put(area, {area.column + (area.columns - columns_of(shown)) / 2, row}, shown, ink);
}

void Paint::transcript(const Rect& area, Window& window) {
    if (area.empty()) return;
    const auto gutter = gutter_for(area.columns);
    const Cut cut{.columns = gutter.text_columns(area.columns), .headings = gutter.name == 0};
    const auto rows = window.visible_rows(cut, area.rows);
    // The newest stand just above the line that is typed.
    auto at = area.row + area.rows - static_cast<int>(rows.size());
    for (const auto& what : rows) row(area, at++, window, what, gutter);
}

void Paint::row(const Rect& area, int row, const Window& window, const Row& what, const Gutter& gutter) {
    const auto& entry = window.transcript()[what.entry];
    switch (what.kind) {
        case RowKind::day: return rule(area, row, clock_text(entry.at, "%A %e %B %Y"), Ink::faint);
        case RowKind::unread: return rule(area, row, "new", Ink::unread);
        case RowKind::heading: {
            const auto& author = window.transcript().author(entry.author);
            canvas_.put(area, {area.column, row}, shortened(author.label, area.columns), ink_of(author));
            return;
        }
        default: break;
    }
    side(area, row, window, what, gutter);
    const Point at{area.column + gutter.text, row};
    if (what.kind != RowKind::more) return text_of(area, at, window, what);
    const auto left = kilobytes(what.span.end - what.span.begin);
    canvas_.put(area, at, std::string(theme_.signs().cut) + " " + left + " more: Alt-M shows all", Ink::faint);
}

/// Left of the text: time, state, name. No text of a peer ever gets here.
void Paint::side(const Rect& area, int row, const Window& window, const Row& what, const Gutter& gutter) {
    const auto& entry = window.transcript()[what.entry];
    const bool first = what.kind == RowKind::first;
    const bool message = entry.kind == EntryKind::message;
    auto column = area.column;
    if (gutter.time > 0) {
        if (first) canvas_.put(area, {column, row}, clock_text(entry.at, "%H:%M"), Ink::faint);
        column += gutter.time + 1;
    }
    if (first && entry.line != 0) {
        const bool failed = entry.state == client::LineState::failed;
        const auto ink = failed ? Ink::wrong : entry.read ? Ink::good : Ink::faint;
        canvas_.put(area, {column, row}, mark_of(entry), ink);
    }
    if (gutter.name == 0) {
        if (first && !message) canvas_.put(area, {column, row}, sign_of(entry.kind), ink_of(entry.kind));
        return;
    }
    column += gutter.state + 1;
    if (first) {
        const Rect name{column, row, gutter.name, 1};
        const auto* author = message ? &window.transcript().author(entry.author) : nullptr;
        const auto label = author ? shortened(author->label, gutter.name) : std::string(sign_of(entry.kind));
        put_right(name, row, label, author ? ink_of(*author) : ink_of(entry.kind));
    }
    canvas_.put(area, {column + gutter.name + 1, row}, theme_.signs().gutter, Ink::faint);
}

void Paint::text_of(const Rect& area, Point at, const Window& window, const Row& what) {
    const auto& entry = window.transcript()[what.entry];
    auto text = part(entry.text.text(), what.span);
    const auto ink = ink_of(entry.kind);
    while (const auto found = find_ignoring_case(text, window.searched())) {
        at.column = canvas_.put(area, at, text.substr(0, found->begin), ink);
        at.column = canvas_.put(area, at, text.substr(found->begin, found->end - found->begin), Ink::found);
        text.remove_prefix(found->end);
    }
    canvas_.put(area, at, text, ink);
}

void Paint::members(const Rect& area, const Window& window) {
    if (area.empty()) return;
    for (int row = area.row; row < area.row + area.rows; ++row) {
        canvas_.put(area, {area.column + 1, row}, theme_.signs().gutter, Ink::faint);
    }
    const Rect inside{area.column + 3, area.row, area.columns - 3, area.rows};
    canvas_.put(inside, {inside.column + 2, area.row}, shortened(window.own_label(), inside.columns - 4), Ink::own);
    int row = area.row + 1;
    for (const auto& who : window.people().present()) person(inside, row++, who);
}

void Paint::person(const Rect& area, int row, const client::Person& person) {
    const auto& signs = theme_.signs();
    const bool here = person.presence == client::Presence::present;
    canvas_.put(area, {area.column, row}, here ? signs.here : signs.away, here ? Ink::good : Ink::faint);
    const auto label = shortened(label_of(person), area.columns - 4);
    const auto end = canvas_.put(area, {area.column + 2, row}, label, author_ink(colour_of(person.id)));
    const bool verified = person.trust == client::Trust::verified;
    const bool bad = !verified && person.trust != client::Trust::not_verified;
    if (verified) canvas_.put(area, {end + 1, row}, signs.verified, Ink::good);
    if (bad) canvas_.put(area, {end + 1, row}, "!", Ink::wrong);
}

void Paint::status(const Rect& area, const Windows& windows, const Window& current) {
    if (area.empty()) return;
    canvas_.fill(area, Ink::bar);
    auto right = current.connection();
    if (const auto typing = current.typing(); !typing.empty()) right = typing + "  " + right;
    if (current.found() > 0) right = std::to_string(current.found()) + " found: /search  " + right;
    if (const auto below = current.below(); below > 0) {
        right = std::string(theme_.signs().below) + " " + std::to_string(below) + " below: End  " + right;
    }
    const auto end =
        right.empty() ? area.column + area.columns
                      : put_right(area, area.row, " " + right + " ", current.is_connected() ? Ink::bar : Ink::bar_bad);
    const Rect left{area.column, area.row, end - area.column, 1};
    auto column = left.column;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto& window = *windows[i];
        auto name = " " + std::to_string(i + 1) + ":" + window.label().name;
        if (window.unread() > 0) name += "(" + std::to_string(window.unread()) + ")";
        const auto ink = &window == &current ? Ink::bar_here : window.unread() > 0 ? Ink::bar_mark : Ink::bar;
        column = canvas_.put(left, {column, area.row}, name, ink);
    }
}

int input_rows(const Window& window, int columns) {
    return static_cast<int>(typed_rows(typed_in(window), std::max(columns - prompt_columns, 1)).size());
}

Point Paint::input(const Rect& area, const Window& window) {
    const bool has_prompt = area.columns > 2 * prompt_columns;
    const auto indent = has_prompt ? prompt_columns : 0;
    const auto typed = typed_in(window);
    const auto rows = typed_rows(typed, std::max(area.columns - prompt_columns, 1));
    const auto holds_cursor = [&](const Span& span) { return span.begin <= typed.cursor; };
    const auto cursor_row = static_cast<int>(std::ranges::count_if(rows, holds_cursor)) - 1;
    const auto first = std::max(cursor_row - area.rows + 1, 0);
    if (has_prompt) canvas_.put(area, {area.column, area.row}, first > 0 ? theme_.signs().cut : ">", Ink::faint);
    for (int i = 0; i < area.rows && first + i < static_cast<int>(rows.size()); ++i) {
        const auto text = part(typed.text, rows[static_cast<std::size_t>(first + i)]);
        canvas_.put(area, {area.column + indent, area.row + i}, text, Ink::text);
    }
    if (typed.text.empty() && !window.has_spoken()) {
        canvas_.put(area, {area.column + indent, area.row}, "write something, or /help", Ink::faint);
    }
    const auto& at = rows[static_cast<std::size_t>(std::max(cursor_row, 0))];
    const auto before = std::string_view(typed.text).substr(at.begin, typed.cursor - at.begin);
    return {std::min(area.column + indent + columns_of(before), area.column + area.columns - 1),
            area.row + cursor_row - first};
}

void Paint::overlay(const Overlay& overlay) {
    const auto [columns, rows] = canvas_.size();
    const Rect all{0, 0, columns, rows};
    canvas_.fill(all, Ink::text);
    const auto lines = static_cast<int>(overlay.lines.size());
    const auto picture_rows = overlay.picture ? static_cast<int>(overlay.picture->rows.size()) : 0;
    const auto needed_rows = picture_rows + lines + 1;
    const bool fits = overlay.picture && overlay.picture->columns <= columns && needed_rows <= rows && theme_.unicode();
    int row = std::max((rows - (fits ? needed_rows : lines + 2)) / 2, 0);
    const auto centred = [&](std::string_view text, Ink ink) {
        canvas_.put(all, {std::max((columns - columns_of(text)) / 2, 0), row++}, text, ink);
    };
    centred(overlay.title, Ink::own);
    if (fits) {
        for (const auto& line : overlay.picture->rows) centred(line, Ink::paper);
    } else if (overlay.picture) {
        const auto needs = theme_.unicode() ? "The QR code needs " + std::to_string(overlay.picture->columns) + "x" +
                                                  std::to_string(needed_rows) + " characters"
                                            : std::string("The QR code needs a terminal with UTF-8");
        centred(needs + overlay.too_small, Ink::faint);
    }
    for (const auto& line : overlay.lines) {
        for (const auto& span : wrapped(line, columns, 100)) centred(part(line, span), Ink::text);
    }
}

Point Paint::lock(const Lock& lock) {
    const auto [columns, rows] = canvas_.size();
    const Rect all{0, 0, columns, rows};
    canvas_.fill(all, Ink::text);
    const auto middle = std::max(rows / 2, 1);
    const auto indent = std::max((columns - columns_of(lock.title())) / 2, 0);
    canvas_.put(all, {indent, middle - 1}, lock.title(), Ink::own);
    const std::string stars(std::min<std::size_t>(lock.characters(), 24), '*');
    const auto end = canvas_.put(all, {indent, middle}, "Passphrase: " + stars, Ink::text);
    if (lock.refused()) canvas_.put(all, {indent, middle + 1}, "That is not the passphrase.", Ink::wrong);
    return {std::min(end, columns - 1), std::min(middle, rows - 1)};
}

}  // namespace parley::ui::screen
