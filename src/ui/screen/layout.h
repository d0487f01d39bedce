// Where everything stands on a screen of some size, from 200x50 down to 1x1. Pure.
#pragma once

#include "ui/screen/canvas.h"

namespace parley::ui::screen {

struct Layout {
    Rect title;
    Rect transcript;
    Rect members;
    Rect status;
    Rect input;
};

enum class MembersWish { automatic, shown, hidden };

/// `input_rows`: what the typed text would need.
Layout arrange(Size size, int input_rows, MembersWish members);

/// How one row of a transcript is divided, by its width.
struct Gutter {
    int time = 0;   ///< columns; 0: not shown
    int state = 0;  ///< of `vv`
    int name = 0;   ///< 0: names stand in rows of their own
    int text = 0;   ///< the column where text begins

    int text_columns(int columns) const { return columns > text ? columns - text : 1; }
};
Gutter gutter_for(int columns);

}  // namespace parley::ui::screen
