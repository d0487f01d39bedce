// Files on a real disk (FAULTS H09, H10): what is made, what is never touched, what is left behind.
#include <gmock/gmock.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "unit/files/support.h"

namespace parley::files {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(Files, GetTheirNameOnlyWhenTheyAreWhole) {
    auto file = Incoming::create({1, folder_, "notes.txt", 5});
    ASSERT_TRUE(file.has_value());
    EXPECT_THAT(names(), ElementsAre(".notes.txt.part"));
    ASSERT_TRUE(file->write(0, bytes_of("hello")));
    EXPECT_EQ(file->finish(crypto::sha256({bytes_of("hello")})).value(), path("notes.txt"));
    EXPECT_THAT(names(), ElementsAre("notes.txt"));
    EXPECT_EQ(content("notes.txt"), "hello");
}

TEST_F(Files, AreForTheirOwnerAlone) {
    ASSERT_TRUE(receive("notes.txt", "x"));
    struct stat status{};
    ASSERT_EQ(::stat(path("notes.txt").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Files, ThatAreNotWhatWasOfferedAreRemoved) {
    {
        auto file = Incoming::create({1, folder_, "notes.txt", 5});
        ASSERT_TRUE(file && file->write(0, bytes_of("hellO")));
        EXPECT_EQ(file->finish(crypto::sha256({bytes_of("hello")})).error().code, Errc::bad_tag);
    }
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Files, ThatAreNotFinishedAreRemoved) {
    {
        EXPECT_TRUE(Incoming::create({1, folder_, "notes.txt", 5}).has_value());
    }
    EXPECT_THAT(names(), IsEmpty());
}

// FAULTS H09
TEST_F(Files, NeverOverwriteAnything) {
    put("notes.txt", "mine");
    fs::create_directory(path("folder"));
    fs::create_symlink(path("notes.txt"), path("link"));
    fs::create_symlink("/nowhere", path("dangling"));
    EXPECT_EQ(receive("notes.txt", "theirs").value(), path("notes (2).txt"));
    EXPECT_EQ(receive("notes.txt", "theirs too").value(), path("notes (3).txt"));
    EXPECT_EQ(receive("folder", "x").value(), path("folder (2)"));
    EXPECT_EQ(receive("link", "x").value(), path("link (2)"));
    EXPECT_EQ(receive("dangling", "x").value(), path("dangling (2)"));
    EXPECT_EQ(content("notes.txt"), "mine");
    EXPECT_EQ(content("notes (2).txt"), "theirs");
}

// FAULTS H09
TEST_F(Files, FollowNoLinkThatSomebodyPutInTheirWay) {
    put("victim", "untouched");
    fs::create_symlink(path("victim"), path(".notes.txt.part"));
    EXPECT_EQ(receive("notes.txt", "theirs").value(), path("notes.txt"));
    EXPECT_EQ(content("victim"), "untouched");
}

TEST_F(Files, OfOneNameAtTheSameTimeAreKeptApart) {
    auto one = Incoming::create({1, folder_, "a.txt", 1});
    auto two = Incoming::create({1, folder_, "a.txt", 1});
    ASSERT_TRUE(one && two && one->write(0, bytes_of("1")) && two->write(0, bytes_of("2")));
    ASSERT_TRUE(one->finish(crypto::sha256({bytes_of("1")})) && two->finish(crypto::sha256({bytes_of("2")})));
    EXPECT_EQ(content("a.txt"), "1");
    EXPECT_EQ(content("a (2).txt"), "2");
}

TEST_F(Files, AreHashedWhateverTheOrderOfTheirPieces) {
    const auto text = text_of_chunks(3);
    auto file = Incoming::create({1, folder_, "a", text.size()});
    ASSERT_TRUE(file.has_value());
    for (const std::uint64_t index : {2U, 0U, 1U}) ASSERT_TRUE(file->write(index, chunk_of(text, index)));
    EXPECT_TRUE(file->finish(crypto::sha256({bytes_of(text)})));
}

// FAULTS H10: the size is a claim.
TEST_F(Files, OfAnAbsurdSizeAreRefusedAndOthersAllocateNothing) {
    EXPECT_EQ(Incoming::create({1, folder_, "huge", 1ULL << 63U}).error().code, Errc::too_large);
    auto file = Incoming::create({1, folder_, "claimed", 1U << 20U});
    ASSERT_TRUE(file.has_value());
    struct stat status{};
    ASSERT_EQ(::stat(path(".claimed.part").c_str(), &status), 0);
    EXPECT_EQ(status.st_size, 0);
    EXPECT_EQ(status.st_blocks, 0);
}

TEST_F(Files, NeedAFolderThatIsThere) {
    EXPECT_FALSE(Incoming::create({1, path("nowhere"), "a", 1}).has_value());
    put("file", "");
    EXPECT_FALSE(Incoming::create({1, path("file"), "a", 1}).has_value());
}

TEST_F(Files, ThatAreSentAreReadInPieces) {
    put("a.txt", "hello world");
    const auto file = Outgoing::open(path("a.txt"));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->name(), "a.txt");
    EXPECT_EQ(file->size(), 11U);
    EXPECT_EQ(file->hash(), crypto::sha256({bytes_of("hello world")}));
    EXPECT_EQ(text_of(file->read(6, 5).value()), "world");
}

TEST_F(Files, ThatChangeAfterTheyWereOfferedAreSentNoFurther) {
    put("a.txt", "hello world");
    const auto file = Outgoing::open(path("a.txt"));
    ASSERT_TRUE(file && file->read(0, 5));
    std::ofstream(path("a.txt"), std::ios::app) << "!";
    EXPECT_EQ(file->read(0, 5).error().code, Errc::rolled_back);
}

TEST_F(Files, ThatAreNoFilesAreNotSent) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    for (const auto& no_file : {path("pipe"), folder_.string(), std::string("/dev/zero"), path("nowhere")}) {
        EXPECT_EQ(Outgoing::open(no_file).error().code, Errc::bad_input) << no_file;
    }
}

TEST_F(Files, GoFromOneDiskToAnother) {
    put("a.bin", std::string(client::chunk_size + 3, 'x'));
    fs::create_directory(path("in"));
    Worked disk;
    const auto opened = std::get<client::FileOpened>(disk.perform(client::OpenFile{1, path("a.bin")}));
    EXPECT_EQ(opened.size, client::chunk_size + 3);
    std::get<client::FileCreated>(disk.perform(client::CreateFile{2, path("in"), "b.bin", opened.size}));
    for (const std::uint64_t index : {1U, 0U}) {
        const auto chunk = std::get<client::ChunkRead>(disk.perform(client::ReadChunk{1, index}));
        std::get<client::ChunkWritten>(disk.perform(client::WriteChunk{2, index, chunk.bytes}));
    }
    const auto done = std::get<client::FileFinished>(disk.perform(client::FinishFile{2, opened.hash}));
    EXPECT_EQ(done.path, path("in/b.bin"));
    EXPECT_EQ(content("in/b.bin"), content("a.bin"));
}

TEST_F(Files, ThatAreDroppedLeaveNothing) {
    Worked disk;
    std::get<client::FileCreated>(disk.perform(client::CreateFile{1, folder_, "a", 10}));
    disk.perform_unanswered(client::DropFile{1});
    std::get<client::FileTrouble>(disk.perform(client::OpenFile{2, path("nowhere")}));  // after it
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Files, AWrongHashIsTold) {
    Worked disk;
    std::get<client::FileCreated>(disk.perform(client::CreateFile{1, folder_, "a", 0}));
    EXPECT_TRUE(std::get<client::FileTrouble>(disk.perform(client::FinishFile{1, {}})).wrong_hash);
    EXPECT_THAT(names(), IsEmpty());
}

// The device that is always full.
TEST(FullDisk, IsToldInOneClearLine) {
    const Descriptor full(::open("/dev/full", O_WRONLY));
    ASSERT_TRUE(static_cast<bool>(full));
    EXPECT_EQ(write_all(full, bytes_of("x"), 0).error().code, Errc::too_large);
}

}  // namespace
}  // namespace parley::files
