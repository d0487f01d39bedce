// A transcript cut into the rows of a screen, and which of them are on it. Pure.
#pragma once

#include "ui/screen/graphemes.h"
#include "ui/screen/transcript.h"

namespace parley::ui::screen {

enum class Breaking { at_blanks, anywhere };

/// Parts of a text that fit into so many columns each, broken at \n always; at most `max_rows` of
/// them. The last one's end says how far it came.
std::vector<Span> wrapped(std::string_view text, int columns, std::size_t max_rows,
                          Breaking breaking = Breaking::at_blanks);

enum class RowKind : std::uint8_t {
    day,      ///< a new day begins
    unread,   ///< what follows came while nobody looked
    heading,  ///< the author alone: where the screen is narrow
    first,    ///< the first row of an entry
    rest,     ///< a further row of it
    more,     ///< the rest of it is folded away
};
struct Row {
    EntryId entry;
    RowKind kind;
    Span span{};  ///< in the entry's text; of `more`: what is folded away
};

/// How a transcript is cut at a width.
struct Cut {
    int columns = 80;       ///< of the text alone
    bool headings = false;  ///< authors stand above, not beside
    bool folded = true;     ///< long entries show their beginning only
    std::optional<EntryId> unread_from{};
};

/// Rows of a folded entry.
inline constexpr std::size_t folded_rows = 12;

std::vector<Row> rows_of(const Transcript& transcript, EntryId id, const Cut& cut);
/// The number of the day in local time.
std::int64_t day_of(WallSeconds at);

/// Which rows are on the screen: the newest, or those around a place that stays while more come in.
class Scroll {
public:
    bool at_end() const { return !bottom_; }
    void to_end() { bottom_.reset(); }

    /// Rows up (negative) or down.
    void move(const Transcript& transcript, const Cut& cut, int rows, int height);
    /// Brings an entry's first row on a screen of so many rows, with so many below it where there are any.
    void show(const Transcript& transcript, const Cut& cut, EntryId id, int height, int below);

    /// From the top; fewer than `height` where there are no more.
    std::vector<Row> visible(const Transcript& transcript, const Cut& cut, int height) const;
    /// Entries below the last visible one.
    std::uint64_t below(const Transcript& transcript) const;

private:
    struct Place {
        EntryId entry;
        std::size_t row;
    };
    std::optional<Place> last_place(const Transcript& transcript, const Cut& cut) const;
    void move_up(const Transcript& transcript, const Cut& cut, int rows, int height);
    void move_down(const Transcript& transcript, const Cut& cut, int rows);

    std::optional<Place> bottom_;  ///< the last visible row; none: the newest
};

}  // namespace parley::ui::screen
