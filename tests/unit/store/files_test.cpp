// Files are private, whole or not there, and no symbolic link leads anywhere (FAULTS H02).
#include "store/files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "store/places.h"
#include "unit/store/support.h"

namespace parley::store {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;

mode_t mode_of(const std::string& path) {
    struct stat about{};
    return ::lstat(path.c_str(), &about) == 0 ? about.st_mode & 07777U : 0;
}

TEST(Files, AreForTheUserAlone) {
    TemporaryFolder temporary;
    ::umask(0);
    const auto folder = Folder::open(temporary.path("a/b")).value();
    ASSERT_TRUE(folder.replace("name", bytes_of("text")).has_value());
    EXPECT_EQ(mode_of(temporary.path("a")), 0700U);
    EXPECT_EQ(mode_of(temporary.path("a/b")), 0700U);
    EXPECT_EQ(mode_of(temporary.path("a/b/name")), 0600U);
}

TEST(Files, AFolderThatOthersMayWriteIsRefused) {
    TemporaryFolder temporary;
    ASSERT_TRUE(Folder::open(temporary.path("a")).has_value());
    ASSERT_EQ(::chmod(temporary.path("a").c_str(), 0777), 0);
    EXPECT_EQ(Folder::open(temporary.path("a")).error().code, Errc::storage);
}

TEST(Files, AreReplacedAsAWhole) {
    TemporaryFolder temporary;
    const auto folder = Folder::open(temporary.path("a")).value();
    ASSERT_TRUE(folder.replace("name", bytes_of("a longer text")).has_value());
    ASSERT_TRUE(folder.replace("name", bytes_of("short")).has_value());
    EXPECT_EQ(text_of(folder.read("name", 100).value().reveal()), "short");
    EXPECT_THAT(folder.names(), ElementsAre(".", "..", "name"));
}

TEST(Files, WhatAnEndInTheMiddleLeftBehindIsNoObstacle) {
    TemporaryFolder temporary;
    const auto folder = Folder::open(temporary.path("a")).value();
    test::write_file(temporary.path("a/.name.new"), bytes_of("half a"));
    ASSERT_TRUE(folder.replace("name", bytes_of("whole")).has_value());
    EXPECT_THAT(folder.names(), ElementsAre(".", "..", "name"));
}

TEST(Files, NoSymbolicLinkIsFollowed) {
    TemporaryFolder temporary;
    const auto folder = Folder::open(temporary.path("a")).value();
    test::write_file(temporary.path("victim"), bytes_of("precious"));
    for (const auto name : {"name", ".name.new", "lock"}) {
        ASSERT_EQ(::symlink(temporary.path("victim").c_str(), temporary.path(std::string("a/") + name).c_str()), 0);
    }
    EXPECT_EQ(folder.read("name", 100).error().code, Errc::storage);
    EXPECT_EQ(folder.lock("lock").error().code, Errc::storage);
    EXPECT_TRUE(folder.replace("name", bytes_of("new")).has_value());  // takes the place of the link itself
    EXPECT_EQ(text_of(test::read_file(temporary.path("victim"))), "precious");
    EXPECT_EQ(text_of(folder.read("name", 100).value().reveal()), "new");
    ASSERT_EQ(::symlink(temporary.path("a").c_str(), temporary.path("b").c_str()), 0);
    EXPECT_FALSE(Folder::open(temporary.path("b")).has_value());
}

TEST(Files, WhatIsNoPlainFileOrTooLargeIsNotRead) {
    TemporaryFolder temporary;
    const auto folder = Folder::open(temporary.path("a")).value();
    ASSERT_EQ(::mkfifo(temporary.path("a/pipe").c_str(), 0600), 0);
    EXPECT_EQ(folder.read("pipe", 100).error().code, Errc::damaged);
    ASSERT_TRUE(folder.replace("large", {}).has_value());
    ASSERT_EQ(::truncate(temporary.path("a/large").c_str(), off_t{1} << 30U), 0);
    EXPECT_EQ(folder.read("large", 1U << 20U).error().code, Errc::damaged);
    EXPECT_EQ(folder.read("none", 100).error().code, Errc::not_found);
}

TEST(Files, ALockHoldsUntilItsDescriptorIsClosed) {
    TemporaryFolder temporary;
    const auto folder = Folder::open(temporary.path("a")).value();
    {
        const auto lock = folder.lock("lock");
        ASSERT_TRUE(lock.has_value());
        EXPECT_EQ(folder.lock("lock").error().code, Errc::in_use);
    }
    EXPECT_TRUE(folder.lock("lock").has_value());
}

TEST(Places, AreXdgs) {
    ::setenv("HOME", "/home/anna", 1);
    ::unsetenv("XDG_DATA_HOME");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    EXPECT_EQ(default_places()->profiles, "/home/anna/.local/share/parley/profiles");
    EXPECT_EQ(default_places()->witnesses, "/home/anna/.local/state/parley/witness");
    ::setenv("XDG_DATA_HOME", "/data", 1);
    EXPECT_EQ(default_places()->profiles, "/data/parley/profiles");
}

TEST(Places, AProfilesNameCannotLeaveItsFolder) {
    EXPECT_TRUE(is_acceptable_profile_name("anna-2_X"));
    for (const auto* name : {"", ".", "..", "a/b", "a.b", " ", "ä"})
        EXPECT_FALSE(is_acceptable_profile_name(name)) << name;
    EXPECT_FALSE(is_acceptable_profile_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace parley::store
