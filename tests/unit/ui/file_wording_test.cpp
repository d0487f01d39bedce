// What is said about files: numbers a person can read, and names that show what they are.
#include "ui/file_wording.h"

#include <gmock/gmock.h>

namespace parley::ui {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const client::Person anna{{}, "anna", "7Q4K"};
const client::Person ben{{}, "ben", "0AZ9"};

client::FileInfo file_from(const client::Person& person, bool ours, std::string name = "photo.jpg") {
    return {3, person, ours, std::move(name), 4'700'000};
}

template <class Event>
std::string only_line(const Event& event) {
    const auto lines = lines_of(event);
    EXPECT_EQ(lines.size(), 1U);
    return lines.empty() ? "" : lines.front().text;
}

TEST(FileWording, SizesHaveThreeDigitsAtMost) {
    EXPECT_EQ(readable_size(0), "0 bytes");
    EXPECT_EQ(readable_size(999), "999 bytes");
    EXPECT_EQ(readable_size(1000), "1.0 kB");
    EXPECT_EQ(readable_size(9'994), "10.0 kB");
    EXPECT_EQ(readable_size(9'995), "10 kB");
    EXPECT_EQ(readable_size(999'499), "999 kB");
    EXPECT_EQ(readable_size(999'500), "1.0 MB");
    EXPECT_EQ(readable_size(UINT64_MAX), "18 EB");
}

TEST(FileWording, AProgressTellsPartRateAndTimeLeft) {
    const client::FileProgress progress{file_from(anna, false), 1'222'000, 3'100'000, 2s};
    EXPECT_EQ(described(progress), "1.2 MB of 4.7 MB, 26%, 3.1 MB/s, 2 s left");
    EXPECT_THAT(lines_of(progress), IsEmpty());
}

TEST(FileWording, AProgressWithoutARateTellsNone) {
    EXPECT_EQ(described(client::FileProgress{file_from(anna, false), 0, 0, {}}), "0 bytes of 4.7 MB, 0%");
    client::FileProgress empty{file_from(anna, false), 0, 0, {}};
    empty.file.size = 0;
    EXPECT_EQ(described(empty), "0 bytes of 0 bytes, 100%");
}

TEST(FileWording, LongTimesAreRounded) {
    const auto left = [](std::chrono::seconds time) {
        return described(client::FileProgress{file_from(anna, false), 1, 1, time});
    };
    EXPECT_THAT(left(99s), HasSubstr("99 s left"));
    EXPECT_THAT(left(100s), HasSubstr("2 min left"));
    EXPECT_THAT(left(99min), HasSubstr("99 min left"));
    EXPECT_THAT(left(100min), HasSubstr("2 h left"));
}

TEST(FileWording, AnOfferSaysHowItIsTaken) {
    const auto line = only_line(client::FileOffered{file_from(anna, false)});
    EXPECT_THAT(line, HasSubstr("offers file 3: photo.jpg, 4.7 MB"));
    EXPECT_THAT(line, HasSubstr("/get 3"));
    EXPECT_THAT(only_line(client::FileOffered{file_from(anna, true)}), Not(HasSubstr("/get")));
}

TEST(FileWording, WhatGoesOnIsNoQuestion) {
    for (const bool ours : {true, false}) {
        const auto line = only_line(client::FileOffered{file_from(anna, ours), true});
        EXPECT_EQ(line, "File 3 goes on: photo.jpg, 4.7 MB");
    }
}

TEST(FileWording, NamesPassTheDisplayFilter) {
    const auto line = only_line(client::FileOffered{file_from(anna, false, "gpj.\xe2\x80\xae\x1b[2Jexe")});
    EXPECT_THAT(line, Not(HasSubstr("\x1b")));
    EXPECT_THAT(line, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(FileWording, WhoHasItAndWhoDoesNotIsNamed) {
    EXPECT_THAT(only_line(client::FileDone{file_from(anna, true), ben, {}}), HasSubstr("ben"));
    EXPECT_THAT(only_line(client::FileDone{file_from(anna, false), {}, "/in/photo.jpg"}), HasSubstr("/in/photo.jpg"));
    EXPECT_THAT(only_line(client::FileAnswered{file_from(anna, true), ben, true}), HasSubstr("takes file 3"));
    EXPECT_THAT(only_line(client::FileAnswered{file_from(anna, true), ben, false}), HasSubstr("does not want file 3"));
    EXPECT_THAT(only_line(client::FileFailed{file_from(anna, true), ben, "stopped it there"}),
                HasSubstr("stopped it there"));
    EXPECT_THAT(only_line(client::FileLeftBehind{file_from(anna, true), ben}), HasSubstr("ben"));
}

TEST(FileWording, AListTellsEachFileAndWhatBelongsToNone) {
    const client::FileProgress half{file_from(anna, false), 2'350'000, 0, {}};
    const auto lines = lines_of(client::FileList{{{client::FileState::running, half}}, 4});
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_THAT(lines[1].text, HasSubstr("comes in, 2.4 MB of 4.7 MB, 50%"));
    EXPECT_THAT(lines[2].text, HasSubstr("4 pieces"));
    EXPECT_THAT(only_line(client::FileList{}), HasSubstr("No files"));
}

}  // namespace
}  // namespace parley::ui
