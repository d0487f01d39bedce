#include "ui/file_wording.h"

#include <array>
#include <cstdio>

#include "ui/filter.h"

namespace parley::ui {
namespace {

using Lines = std::vector<Worded>;

std::string number_of(const client::FileInfo& file) { return std::to_string(file.number); }

std::string readable_time(std::chrono::seconds time) {
    const auto seconds = time.count();
    if (seconds < 100) return std::to_string(seconds) + " s";
    if (seconds < 100 * 60) return std::to_string((seconds + 30) / 60) + " min";
    return std::to_string((seconds + 1800) / 3600) + " h";
}

std::string_view words_for(client::FileState state, bool ours) {
    switch (state) {
        case client::FileState::opening: return "is being read";
        case client::FileState::offered: return ours ? "nobody takes it yet" : "waits: /get or /decline";
        case client::FileState::running: return ours ? "is sent" : "comes in";
        case client::FileState::done: return "done";
        case client::FileState::failed: return "did not come to its end";
    }
    return "";
}

Worded line_of(const client::FileList::Entry& entry) {
    const auto& file = entry.progress.file;
    const auto from = file.ours ? std::string("yours") : "from " + label_of(file.person);
    auto text = "  " + number_of(file) + "  " + described(file) + ", " + from + ": " +
                std::string(words_for(entry.state, file.ours));
    if (entry.state == client::FileState::running) text += ", " + described(entry.progress);
    return {Mark::news, std::move(text)};
}

}  // namespace

std::string readable_size(std::uint64_t bytes) {
    constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) return std::to_string(bytes) + " bytes";
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value < 9.995 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return text.data();
}

std::string described(const client::FileInfo& file) {
    return displayable_name(file.name) + ", " + readable_size(file.size);
}

std::string described(const client::FileProgress& progress) {
    const auto size = progress.file.size;
    const auto percent = size == 0 ? 100 : progress.done / (size / 100 + (size < 100 ? 1 : 0));
    auto text = readable_size(progress.done) + " of " + readable_size(size) + ", " +
                std::to_string(std::min<std::uint64_t>(percent, 100)) + "%";
    if (progress.rate > 0) text += ", " + readable_size(progress.rate) + "/s";
    if (progress.left) text += ", " + readable_time(*progress.left) + " left";
    return text;
}

Lines lines_of(const client::FileOffered& event) {
    const auto& file = event.file;
    if (event.resumed) return {{Mark::news, "File " + number_of(file) + " goes on: " + described(file)}};
    if (file.ours) return {{Mark::news, "Offered as file " + number_of(file) + ": " + described(file)}};
    return {{Mark::news, label_of(file.person) + " offers file " + number_of(file) + ": " + described(file) +
                             ". Take it with /get " + number_of(file) + ", or /decline " + number_of(file)}};
}

Lines lines_of(const client::FileAnswered& event) {
    return {{Mark::news, label_of(event.person) + (event.accepted ? " takes file " : " does not want file ") +
                             number_of(event.file) + ": " + described(event.file)}};
}

Lines lines_of(const client::FileProgress&) { return {}; }

Lines lines_of(const client::FileDone& event) {
    if (event.person) {
        return {{Mark::good,
                 label_of(*event.person) + " has file " + number_of(event.file) + " whole: " + described(event.file)}};
    }
    return {{Mark::good, "File " + number_of(event.file) + " is whole and is what " + label_of(event.file.person) +
                             " offered: " + displayable(event.path)}};
}

Lines lines_of(const client::FileFailed& event) {
    const auto who = event.person ? label_of(*event.person) + ": " : std::string();
    return {{Mark::wrong, "File " + number_of(event.file) + ", " + displayable_name(event.file.name) + ": " + who +
                              std::string(event.reason)}};
}

Lines lines_of(const client::FileLeftBehind& event) {
    return {{Mark::wrong, label_of(event.person) + " takes nothing more of file " + number_of(event.file) +
                              ": the others go on without, and it gets the rest when it comes back"}};
}

Lines lines_of(const client::FileList& event) {
    if (event.files.empty()) return {{Mark::news, "No files were offered. /send FILE offers one."}};
    Lines lines{{Mark::news, "Files:"}};
    for (const auto& entry : event.files) lines.push_back(line_of(entry));
    if (event.stray_chunks > 0) {
        lines.push_back(
            {Mark::news, "  and " + std::to_string(event.stray_chunks) + " pieces came that belong to none of them"});
    }
    return lines;
}

}  // namespace parley::ui
