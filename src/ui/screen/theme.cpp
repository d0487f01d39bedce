#include "ui/screen/theme.h"

namespace parley::ui::screen {
namespace {

constexpr Signs unicode_signs{"│", "─", "…", "↓", "●", "○", "·", "✓"};
constexpr Signs ascii_signs{"|", "-", "~", "v", "*", "o", "-", "+"};

/// The eight of old terminals, without black, white and the red of warnings.
constexpr std::array<int, 4> few_colours{2, 4, 5, 6};

Look without_colours(Ink ink) {
    switch (ink) {
        case Ink::bar:
        case Ink::bar_good:
        case Ink::bar_mark: return {.reverse = true};
        case Ink::bar_bad:
        case Ink::bar_here: return {.bold = true, .reverse = true};
        case Ink::own:
        case Ink::wrong:
        case Ink::unread: return {.bold = true};
        case Ink::found: return {.underline = true};
        // A camera needs black on white, whoever wants no colours.
        case Ink::paper: return {.foreground = 0, .background = 7};
        default: return {};
    }
}

Look with_colours(Ink ink, int red, int green, int grey, int orange, int white) {
    switch (ink) {
        case Ink::text: return {};
        case Ink::faint:
        case Ink::news: return {.foreground = grey};
        case Ink::bar: return {.reverse = true};
        case Ink::bar_good: return {.foreground = green, .bold = true, .reverse = true};
        case Ink::bar_bad: return {.foreground = red, .bold = true, .reverse = true};
        case Ink::bar_mark: return {.foreground = orange, .bold = true, .reverse = true};
        case Ink::bar_here: return {.bold = true, .reverse = true};
        case Ink::own: return {.bold = true};
        case Ink::good: return {.foreground = green};
        case Ink::wrong: return {.foreground = red, .bold = true};
        case Ink::unread: return {.foreground = orange, .bold = true};
        case Ink::found: return {.reverse = true};
        case Ink::paper: return {.foreground = 0, .background = white};
        case Ink::author: break;
    }
    return {};
}

}  // namespace

constexpr std::array<std::uint8_t, author_colours> author_palette{130, 32,  64,  133, 166, 30,  98,
                                                                  28,  163, 100, 62,  29,  132, 31};

Look Theme::look(Ink ink) const {
    if (colours_ < 8) return without_colours(ink);
    if (ink >= Ink::author) {
        const auto number = static_cast<unsigned>(ink) - static_cast<unsigned>(Ink::author);
        return {.foreground = colours_ >= 256 ? author_palette[number] : few_colours[number % few_colours.size()]};
    }
    // Of eight colours none is grey, and yellow cannot be read on white.
    if (colours_ < 256) return with_colours(ink, 1, 2, -1, 5, 7);
    return with_colours(ink, 160, 28, 243, 166, 231);
}

const Signs& Theme::signs() const { return unicode_ ? unicode_signs : ascii_signs; }

}  // namespace parley::ui::screen
