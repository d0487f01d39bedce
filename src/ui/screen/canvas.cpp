#include "ui/screen/canvas.h"

#include <algorithm>

#include "base/utf8.h"
#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

/// The last door before the terminal: here a control character is our own bug, and harmless. What is no
/// character of Unicode has no width that two programs agree on.
char32_t harmless(char32_t code) {
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    return control || !is_assigned(code) ? U'\xfffd' : code;
}

}  // namespace

Ink author_ink(std::uint8_t colour) {
    return static_cast<Ink>(static_cast<unsigned>(Ink::author) + colour % author_colours);
}

Canvas::Canvas(Size size)
    : size_(size),
      cells_(static_cast<std::size_t>(std::max(size.columns, 0)) * static_cast<std::size_t>(std::max(size.rows, 0))) {}

bool Canvas::holds(Point point) const {
    return point.column >= 0 && point.row >= 0 && point.column < size_.columns && point.row < size_.rows;
}

void Canvas::fill(const Rect& area, Ink ink) {
    Cell blank;
    blank.ink = ink;
    for (int row = area.row; row < area.row + area.rows; ++row) {
        for (int column = area.column; column < area.column + area.columns; ++column) {
            if (holds({column, row})) cells_[index_of({column, row})] = blank;
        }
    }
}

void Canvas::join_to_last(const Rect& area, Point after, char32_t mark) {
    auto column = after.column - 1;
    while (column > area.column && cells_[index_of({column, after.row})].columns == 0) --column;
    if (column < area.column || !holds({column, after.row})) return;
    auto& text = cells_[index_of({column, after.row})].text;
    const auto free = std::ranges::find(text, U'\0');
    if (free != text.end()) *free = mark;
}

int Canvas::put(const Rect& area, Point from, std::string_view text, Ink ink) {
    const auto edge = std::min(area.column + area.columns, size_.columns);
    const bool row_exists = from.row >= std::max(area.row, 0) && from.row < std::min(area.row + area.rows, size_.rows);
    if (!row_exists || from.column < 0) return from.column;
    while (!text.empty()) {
        const auto [raw, bytes] = first_code_point(text);
        const auto code = harmless(raw);
        const auto columns = columns_of(code);
        if (columns == 0) {
            join_to_last(area, from, code);
        } else {
            if (from.column + columns > edge) break;
            Cell cell{{code}, static_cast<std::uint8_t>(columns), ink};
            cells_[index_of(from)] = cell;
            if (columns == 2) cells_[index_of({from.column + 1, from.row})] = {{U' '}, 0, ink};
            from.column += columns;
        }
        text.remove_prefix(bytes);
    }
    return from.column;
}

std::string Canvas::row(int row) const {
    std::string out;
    for (int column = 0; column < size_.columns; ++column) {
        const auto& cell = at({column, row});
        if (cell.columns == 0) continue;
        for (const auto code : cell.text) {
            if (code != 0) out += as_utf8(code);
        }
    }
    const auto last = out.find_last_not_of(' ');
    out.resize(last == out.npos ? 0 : last + 1);
    return out;
}

std::string Canvas::text() const {
    std::string out;
    for (int row_number = 0; row_number < size_.rows; ++row_number) out += row(row_number) + "\n";
    return out;
}

}  // namespace parley::ui::screen
