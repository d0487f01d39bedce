#include "ui/qr.h"

#include <algorithm>
#include <qrcodegen.hpp>

namespace parley::ui {
namespace {

using qrcodegen::QrCode;
using qrcodegen::QrSegment;

/// The standard asks for four modules of white around it; cameras are content with two.
constexpr int quiet = 2;

bool is_alphanumeric(char c) { return QrSegment::isAlphanumeric(std::string(1, c).c_str()); }

/// Stretches that the short alphanumeric form can hold, and the others between them.
std::vector<QrSegment> segments_of(std::string_view text) {
    std::vector<QrSegment> segments;
    while (!text.empty()) {
        const bool dense = is_alphanumeric(text.front());
        const auto end = std::ranges::find_if(text, [&](char c) { return is_alphanumeric(c) != dense; });
        const std::string part(text.begin(), end);
        for (auto& segment : QrSegment::makeSegments(part.c_str())) segments.push_back(std::move(segment));
        text.remove_prefix(part.size());
    }
    return segments;
}

std::string_view half_block(bool upper_dark, bool lower_dark) {
    if (upper_dark) return lower_dark ? "█" : "▀";
    return lower_dark ? "▄" : " ";
}

QrPicture drawn(const QrCode& code) {
    const int end = code.getSize() + quiet;
    QrPicture picture{{}, end + quiet};
    for (int y = -quiet; y < end; y += 2) {
        std::string row;
        for (int x = -quiet; x < end; ++x) row += half_block(code.getModule(x, y), code.getModule(x, y + 1));
        picture.rows.push_back(std::move(row));
    }
    return picture;
}

}  // namespace

std::optional<QrPicture> qr_of(std::string_view text) {
    try {
        return drawn(QrCode::encodeSegments(segments_of(text), QrCode::Ecc::LOW));
    } catch (const qrcodegen::data_too_long&) {
        return std::nullopt;
    }
}

std::string qr_lines(const QrPicture& picture) {
    std::string lines;
    for (const auto& row : picture.rows) lines += "\x1b[30;107m" + row + "\x1b[0m\n";
    return lines;
}

}  // namespace parley::ui
