// Draws the parts of the screen from what they are about. Decides nothing.
#pragma once

#include <memory>

#include "ui/qr.h"
#include "ui/screen/layout.h"
#include "ui/screen/lock.h"
#include "ui/screen/theme.h"
#include "ui/screen/window.h"

namespace parley::ui::screen {

/// Covers the whole screen until a key is pressed.
struct Overlay {
    std::string title;
    std::optional<QrPicture> picture;
    std::vector<std::string> lines;  ///< passed the display filter
    std::string too_small;           ///< what to do when the picture does not fit
};

using Windows = std::vector<std::unique_ptr<Window>>;

class Paint {
public:
    Paint(Canvas& canvas, const Theme& theme) : canvas_(canvas), theme_(theme) {}

    void title(const Rect& area, const Window& window);
    void transcript(const Rect& area, Window& window);
    void members(const Rect& area, const Window& window);
    void status(const Rect& area, const Windows& windows, const Window& current);
    /// Returns where the cursor stands.
    Point input(const Rect& area, const Window& window);
    void overlay(const Overlay& overlay);
    Point lock(const Lock& lock);

private:
    void row(const Rect& area, int row, const Window& window, const Row& what, const Gutter& gutter);
    void rule(const Rect& area, int row, std::string_view words, Ink ink);
    void side(const Rect& area, int row, const Window& window, const Row& what, const Gutter& gutter);
    void text_of(const Rect& area, Point at, const Window& window, const Row& what);
    void person(const Rect& area, int row, const client::Person& person);
    std::string shortened(std::string_view label, int columns) const;
    int put_right(const Rect& area, int row, std::string_view text, Ink ink);

    Canvas& canvas_;
    const Theme& theme_;
};

/// Rows that what is typed takes at a width.
int input_rows(const Window& window, int columns);

}  // namespace parley::ui::screen
