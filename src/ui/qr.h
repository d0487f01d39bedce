// QR codes in half blocks: two modules to a cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::ui {

/// A picture of a text, in rows of text to be drawn black on white.
struct QrPicture {
    std::vector<std::string> rows;
    int columns = 0;
};

/// Digits and upper case take the least room. Nothing when the text is too long for any code.
std::optional<QrPicture> qr_of(std::string_view text);

/// The same for a terminal that is written to line by line, with its colours.
std::string qr_lines(const QrPicture& picture);

}  // namespace parley::ui
