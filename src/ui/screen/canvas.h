// What the screen shows, cell by cell, before a terminal does: tests read it, Terminal copies it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::ui::screen {

struct Size {
    int columns = 0;
    int rows = 0;

    friend bool operator==(const Size&, const Size&) = default;
};
struct Point {
    int column = 0;
    int row = 0;

    friend bool operator==(const Point&, const Point&) = default;
};
struct Rect {
    int column = 0;
    int row = 0;
    int columns = 0;
    int rows = 0;

    bool empty() const { return columns <= 0 || rows <= 0; }
    friend bool operator==(const Rect&, const Rect&) = default;
};

/// What a cell means; the Theme knows how that looks.
enum class Ink : std::uint8_t {
    text,
    faint,  ///< times, gutters, what is beside the point
    bar,    ///< title and status
    bar_good,
    bar_bad,
    bar_mark,  ///< a window where something happened
    bar_here,  ///< the window that is open
    own,       ///< the user's own name
    good,
    wrong,
    news,
    unread,
    found,   ///< a match of a search
    paper,   ///< QR: black on white, whatever the theme
    author,  ///< the first of author_colours, one for each colour
};
inline constexpr std::uint8_t author_colours = 14;
Ink author_ink(std::uint8_t colour);

struct Cell {
    std::array<char32_t, 4> text{U' '};  ///< a character and the marks that join it; more are left out
    std::uint8_t columns = 1;            ///< 0: the right half of the wide one before it
    Ink ink = Ink::text;

    friend bool operator==(const Cell&, const Cell&) = default;
};

class Canvas {
public:
    explicit Canvas(Size size);

    Size size() const { return size_; }
    const Cell& at(Point point) const { return cells_[index_of(point)]; }

    void fill(const Rect& area, Ink ink);
    /// Puts text from a point on, as far as the area goes; returns the column after it. Whatever comes
    /// here, no control character gets into a cell.
    int put(const Rect& area, Point from, std::string_view text, Ink ink);

    /// A row as text, without blanks at its end.
    std::string row(int row) const;
    std::string text() const;

private:
    std::size_t index_of(Point point) const {
        return static_cast<std::size_t>(point.row) * static_cast<std::size_t>(size_.columns) +
               static_cast<std::size_t>(point.column);
    }
    bool holds(Point point) const;
    void join_to_last(const Rect& area, Point after, char32_t mark);

    Size size_;
    std::vector<Cell> cells_;
};

}  // namespace parley::ui::screen
