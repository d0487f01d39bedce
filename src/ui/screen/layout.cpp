#include "ui/screen/layout.h"

#include <algorithm>

namespace parley::ui::screen {
namespace {

constexpr int members_columns = 23;   ///< a blank, a line, a mark, and a name of 16 with its tag
constexpr int members_from = 84;      ///< shown unasked where a row still has 60 columns
constexpr int members_at_least = 44;  ///< shown at all, when asked for
constexpr int most_input_rows = 8;

bool has_members(Size size, MembersWish wish) {
    if (wish == MembersWish::hidden) return false;
    return size.columns >= (wish == MembersWish::shown ? members_at_least : members_from);
}

}  // namespace

Layout arrange(Size size, int input_rows, MembersWish members) {
    const auto [columns, rows] = size;
    const bool has_title = rows >= 4;
    const bool has_status = rows >= 3;
    const auto input = std::clamp(input_rows, 1, std::clamp(rows / 3, 1, most_input_rows));
    const auto top = has_title ? 1 : 0;
    const auto middle = std::max(rows - top - (has_status ? 1 : 0) - input, 0);
    const auto side = has_members(size, members) ? members_columns : 0;
    Layout layout;
    if (has_title) layout.title = {0, 0, columns, 1};
    layout.transcript = {0, top, columns - side, middle};
    layout.members = {columns - side, top, side, middle};
    if (has_status) layout.status = {0, top + middle, columns, 1};
    layout.input = {0, rows - input, columns, input};
    return layout;
}

Gutter gutter_for(int columns) {
    // "12:01 vv verylon~#7Q4K | text", less of it where there is less room.
    const auto beside = [](int time, int name) {
        return Gutter{.time = time, .state = 2, .name = name, .text = (time > 0 ? time + 1 : 0) + 2 + 1 + name + 3};
    };
    if (columns >= 100) return beside(5, 16);
    if (columns >= 58) return beside(5, 12);
    if (columns >= 38) return beside(0, 11);
    return {.time = 0, .state = 2, .name = 0, .text = 4};  // "[*] " has room
}

}  // namespace parley::ui::screen
