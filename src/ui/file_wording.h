// What events of files are called, and numbers a person can read.
#pragma once

#include "ui/wording.h"

namespace parley::ui {

/// "4.7 MB": powers of 1,000, three digits at most.
std::string readable_size(std::uint64_t bytes);
/// "photo.jpg, 4.7 MB"; the name is a claim and passes the display filter.
std::string described(const client::FileInfo& file);
/// "1.2 MB of 4.7 MB, 26%, 3.1 MB/s, 2 s left"
std::string described(const client::FileProgress& progress);

std::vector<Worded> lines_of(const client::FileOffered& event);
std::vector<Worded> lines_of(const client::FileAnswered& event);
/// Nothing: it would flood. Views that can draw over a line show it themselves, /files lists it.
std::vector<Worded> lines_of(const client::FileProgress& event);
std::vector<Worded> lines_of(const client::FileDone& event);
std::vector<Worded> lines_of(const client::FileFailed& event);
std::vector<Worded> lines_of(const client::FileLeftBehind& event);
std::vector<Worded> lines_of(const client::FileList& event);

}  // namespace parley::ui
