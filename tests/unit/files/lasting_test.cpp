// What came of a file and lasts beyond a run (decision 11): what a later run finds, whatever happened meanwhile.
#include <gmock/gmock.h>

#include "client/file_name.h"
#include "unit/files/support.h"

namespace parley::files {
namespace {

using client::chunk_size;
using client::ChunkRange;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr auto part_name = ".a.bin.0707070707070707.part";
constexpr auto map_name = ".a.bin.0707070707070707.map";

class LastingFiles : public Files {
protected:
    const std::string text_ = text_of_chunks(5);
    const crypto::Digest256 hash_ = crypto::sha256({bytes_of(text_)});

    client::CreateFile what() const {
        return {1, folder_, "a.bin", text_.size(), client::PartId(ByteView(Bytes(8, 7)).first<8>())};
    }
    /// A run writes some chunks and ends.
    void leave(std::initializer_list<std::uint64_t> chunks) const {
        auto file = Incoming::create(what());
        ASSERT_TRUE(file.has_value());
        for (const auto index : chunks) ASSERT_TRUE(file->write(index, chunk_of(text_, index)));
    }
    std::vector<ChunkRange> found() const { return Incoming::resume(what()).value().held().ranges(); }
    /// The next run gets what is missing.
    void expect_that_it_gets_whole() const {
        auto file = Incoming::resume(what());
        ASSERT_TRUE(file.has_value());
        for (std::uint64_t index = 0; index < 5; ++index) {
            if (file->held().contains(index)) continue;
            ASSERT_TRUE(file->write(index, chunk_of(text_, index)));
        }
        const auto path = file->finish(hash_);
        ASSERT_TRUE(path.has_value()) << path.error().what;
        EXPECT_EQ(content("a.bin"), text_);
        EXPECT_THAT(names(), ElementsAre("a.bin"));
    }
    void change(const std::string& name, std::size_t at, std::string_view bytes) const {
        std::fstream file(path(name), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(at));
        file << bytes;
    }
};

TEST_F(LastingFiles, StayWhenTheRunEndsAndAreForTheirOwnerAlone) {
    leave({0, 1, 3});
    EXPECT_THAT(names(), UnorderedElementsAre(part_name, map_name));
    for (const auto* name : {part_name, map_name}) {
        EXPECT_EQ(fs::status(path(name)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    }
    EXPECT_THAT(found(), ElementsAre(ChunkRange{0, 1}, ChunkRange{3, 3}));
    expect_that_it_gets_whole();
}

TEST_F(LastingFiles, ThatWereRemovedBeginAnew) {
    for (const auto* name : {part_name, map_name}) {
        leave({0, 1, 2, 3, 4});
        fs::remove(path(name));
        EXPECT_THAT(found(), IsEmpty()) << name;
        expect_that_it_gets_whole();
        fs::remove(path("a.bin"));
    }
}

TEST_F(LastingFiles, ThatWereShortenedMissWhatIsGone) {
    leave({0, 1, 2, 3, 4});
    fs::resize_file(path(part_name), 2 * chunk_size + 1);
    EXPECT_THAT(found(), ElementsAre(ChunkRange{0, 1}));
    expect_that_it_gets_whole();
}

TEST_F(LastingFiles, ThatWereChangedMissWhatIsNotAsItWasWritten) {
    leave({0, 1, 2, 4});
    change(part_name, chunk_size + 17, "?");
    EXPECT_THAT(found(), ElementsAre(ChunkRange{0, 0}, ChunkRange{2, 2}, ChunkRange{4, 4}));
    change(map_name, 0, "?");
    EXPECT_THAT(found(), ElementsAre(ChunkRange{2, 2}, ChunkRange{4, 4}));
    expect_that_it_gets_whole();
}

// A machine that stops may have kept what was noted of a chunk and not the chunk.
TEST_F(LastingFiles, MissAChunkThatWasNotedAndNotWritten) {
    leave({0, 1});
    fs::resize_file(path(part_name), 0);
    fs::resize_file(path(part_name), text_.size());
    EXPECT_THAT(found(), IsEmpty());
    expect_that_it_gets_whole();
}

TEST_F(LastingFiles, ThatWereMadeLongerAreNotLongerInTheEnd) {
    leave({0, 1, 2, 3, 4});
    std::ofstream(path(part_name), std::ios::app) << "and more";
    expect_that_it_gets_whole();
}

TEST_F(LastingFiles, FollowNoLinkThatSomebodyPutInTheirWay) {
    put("victim", "untouched");
    for (const auto* name : {part_name, map_name}) {
        fs::create_symlink(path("victim"), path(name));
        EXPECT_FALSE(Incoming::resume(what()).has_value()) << name;
        fs::remove(path(name));
        fs::create_hard_link(path("victim"), path(name));
        EXPECT_FALSE(Incoming::resume(what()).has_value()) << name;
        fs::remove(path(name));
    }
    EXPECT_EQ(content("victim"), "untouched");
}

TEST_F(LastingFiles, GoWhenTheyAreDroppedOrNotWhatWasOffered) {
    {
        Worked disk;
        std::get<client::FileCreated>(disk.perform(what()));
        disk.perform_unanswered(client::DropFile{1});
        std::get<client::FileTrouble>(disk.perform(client::OpenFile{2, path("nowhere")}));  // after it
        EXPECT_THAT(names(), IsEmpty());
        std::get<client::FileCreated>(disk.perform(what()));
        EXPECT_TRUE(std::get<client::FileTrouble>(disk.perform(client::FinishFile{1, {}})).wrong_hash);
    }
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(LastingFiles, ThatGotTheirNameBeforeTheRunEndedAreFoundUnderIt) {
    put("a.bin", std::string(text_.size(), 'x'));  // another one of this size
    put("a (2).bin", text_);
    Worked disk;
    EXPECT_EQ(std::get<client::FileFinished>(disk.perform(client::ResumeFile{what(), hash_})).path, path("a (2).bin"));
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(LastingFiles, AreTakenForNoOtherFileOfTheirName) {
    put("a.bin", std::string(text_.size(), 'x'));
    Worked disk;
    std::get<client::FileCreated>(disk.perform(client::ResumeFile{what(), hash_}));
    EXPECT_EQ(content("a.bin"), std::string(text_.size(), 'x'));
}

TEST_F(LastingFiles, MayBecomeSoWhenHalfOfThemCame) {
    auto temporary = what();
    temporary.lasting.reset();
    {
        auto file = Incoming::create(temporary);
        ASSERT_TRUE(file && file->write(0, chunk_of(text_, 0)) && file->write(4, chunk_of(text_, 4)));
        ASSERT_TRUE(file->keep(what().lasting.value()));
        ASSERT_TRUE(file->write(2, chunk_of(text_, 2)));
    }
    EXPECT_THAT(found(), ElementsAre(ChunkRange{0, 0}, ChunkRange{2, 2}, ChunkRange{4, 4}));
    expect_that_it_gets_whole();
}

TEST_F(LastingFiles, TheirLongestNameFits) {
    auto longest = what();
    longest.name = std::string(client::max_kept_name, 'n');
    EXPECT_TRUE(Incoming::create(longest).has_value());
}

}  // namespace
}  // namespace parley::files
