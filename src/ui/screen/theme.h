// How each ink looks: 256 colours that read on dark and on light, 8, or none; signs with or without Unicode.
#pragma once

#include <string_view>

#include "ui/screen/canvas.h"

namespace parley::ui::screen {

/// Colour numbers of the terminal; -1 is its own.
struct Look {
    int foreground = -1;
    int background = -1;
    bool bold = false;
    bool reverse = false;
    bool underline = false;
};

struct Signs {
    std::string_view gutter;  ///< between a name and its text
    std::string_view rule;    ///< a row of these
    std::string_view cut;     ///< something was left out
    std::string_view below;   ///< there is more below
    std::string_view here;
    std::string_view away;
    std::string_view dot;  ///< between two things on one line
    std::string_view verified;
};

class Theme {
public:
    /// `colours`: how many the terminal has; 0 or 1 where none are wanted (NO_COLOR).
    Theme(int colours, bool unicode) : colours_(colours), unicode_(unicode) {}

    Look look(Ink ink) const;
    const Signs& signs() const;
    bool unicode() const { return unicode_; }

private:
    int colours_;
    bool unicode_;
};

/// The colours of authors among 256: each reads on black and on white (a test computes the contrast).
extern const std::array<std::uint8_t, author_colours> author_palette;

}  // namespace parley::ui::screen
