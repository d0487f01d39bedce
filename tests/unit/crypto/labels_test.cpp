// ATTACKS 1: no output of one use of a key is ever the output of another.
#include "crypto/labels.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace parley::crypto {
namespace {

/// Unique and prefix-free are one property: an equal label begins its equal.
bool none_begins_another(std::span<const Label> labels) {
    for (const auto& one : labels) {
        for (const auto& other : labels) {
            if (&one != &other && other.text.starts_with(one.text)) return false;
        }
    }
    return true;
}

std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::size_t occurrences(std::string_view needle, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) ++count;
    return count;
}

/// How often each file of src/ writes out a label of this protocol.
std::map<std::string, std::size_t> labels_written_out() {
    std::map<std::string, std::size_t> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(PARLEY_SOURCE_DIR "/src")) {
        if (!entry.is_regular_file()) continue;
        if (const auto count = occurrences("\"parley/1 ", read(entry.path()))) found[entry.path().filename()] = count;
    }
    return found;
}

// ATTACKS 1
TEST(Labels, are_unique_and_none_begins_another) { EXPECT_TRUE(none_begins_another(labels::all)); }

TEST(Labels, that_are_equal_or_begin_another_are_found) {
    const Label equal[] = {{"parley/1 a."}, {"parley/1 b."}, {"parley/1 a."}};
    const Label prefix[] = {{"parley/1 room"}, {"parley/1 room id."}};
    EXPECT_FALSE(none_begins_another(equal));
    EXPECT_FALSE(none_begins_another(prefix));
}

TEST(Labels, stand_in_one_place_of_the_code_and_in_the_list) {
    const std::map<std::string, std::size_t> expected{{"labels.h", std::size(labels::all)}};
    EXPECT_EQ(labels_written_out(), expected);
}

}  // namespace
}  // namespace parley::crypto
