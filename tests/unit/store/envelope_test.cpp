// The sealed file: every damage is told as damage, and no key seals twice (FAULTS H01, C13, C15).
#include "store/envelope.h"

#include <gmock/gmock.h>

#include <set>

#include "crypto/box.h"
#include "support/damage.h"
#include "support/stuck_random.h"
#include "unit/store/support.h"

namespace parley::store {
namespace {

constexpr crypto::PasswordCost cheap{64, 1, 1};

struct Sealed {
    test::SeededRandom random{1};
    KeySource source = new_key_source(Unlock::Kind::passphrase, cheap, random);
    LockedKey key = derive_key(test::passphrase("correct horse"), source);
    Bytes file = seal_file({source, 5}, bytes_of("what is inside"), key, random);

    Errc verdict_on(ByteView bytes, const LockedKey& with) const {
        const auto opening = read_opening(bytes, cheap);
        if (!opening) return opening.error().code;
        const auto contents = open_file(bytes, with);
        return contents ? Errc::closed : contents.error().code;
    }
};

TEST(Envelope, OpensToWhatWasSealed) {
    Sealed sealed;
    const auto opening = read_opening(sealed.file, cheap);
    ASSERT_TRUE(opening.has_value());
    EXPECT_EQ(opening->generation, 5U);
    const auto key = derive_key(test::passphrase("correct horse"), opening->source);
    EXPECT_EQ(text_of(open_file(sealed.file, key).value().reveal()), "what is inside");
}

// FAULTS H01
TEST(Envelope, EveryFlippedBitAndEveryCutIsDamage) {
    Sealed sealed;
    for (std::size_t bit = 0; bit < sealed.file.size() * 8; ++bit) {
        EXPECT_EQ(sealed.verdict_on(test::with_bit_flipped(sealed.file, bit), sealed.key), Errc::damaged) << bit;
    }
    for (std::size_t size = 0; size < sealed.file.size(); ++size) {
        EXPECT_EQ(sealed.verdict_on(ByteView(sealed.file).first(size), sealed.key), Errc::damaged) << size;
    }
    EXPECT_EQ(sealed.verdict_on(test::extended_by(sealed.file, 0), sealed.key), Errc::damaged);
}

TEST(Envelope, AWrongPassphraseIsToldFromDamage) {
    Sealed sealed;
    for (const auto wrong : {"correct horsf", "", "correct horse "}) {
        EXPECT_EQ(sealed.verdict_on(sealed.file, derive_key(test::passphrase(wrong), sealed.source)), Errc::wrong_key);
    }
}

/// A file whose header was changed by somebody who knows how the check is made.
Bytes with_header_byte(const Sealed& sealed, std::size_t at, std::uint8_t value) {
    auto file = sealed.file;
    file[at] = value;
    const ByteView all(file);
    const auto check = crypto::sha256({all.first(46), all.subspan(54, 16), all.subspan(70, 32)});
    std::ranges::copy(check.view().first(8), file.begin() + 46);
    return file;
}

TEST(Envelope, AForgedHeaderDoesNotOpen) {
    Sealed sealed;
    EXPECT_EQ(sealed.verdict_on(with_header_byte(sealed, 45, 9), sealed.key), Errc::damaged);      // the generation
    EXPECT_EQ(sealed.verdict_on(with_header_byte(sealed, 8, 2), sealed.key), Errc::unknown_type);  // the version
    EXPECT_EQ(sealed.verdict_on(with_header_byte(sealed, 13, 1), sealed.key), Errc::damaged);      // a cheaper guess
    EXPECT_EQ(sealed.verdict_on(with_header_byte(sealed, 45, 5), sealed.key), Errc::closed);  // the twin: as it was
}

/// The keys under which the box of each file was sealed, told by their commitments.
std::size_t distinct_commitments(const std::vector<Bytes>& files) {
    std::set<Bytes> commitments;
    for (const auto& file : files) commitments.insert(to_bytes(ByteView(file).subspan(70, 32)));
    return commitments.size();
}

// FAULTS C15 with a dead generator: a rolled-back profile seals other contents, or another generation, under another
// key. FAULTS C15
TEST(Envelope, ADeadGeneratorAndAnOldCopyNeverShareAKey) {
    Sealed sealed;
    test::StuckRandom stuck;
    std::vector<Bytes> files;
    for (const auto contents : {"one", "two"}) {
        for (const std::uint64_t generation : {5U, 6U}) {
            files.push_back(seal_file({sealed.source, generation}, bytes_of(contents), sealed.key, stuck));
        }
    }
    EXPECT_EQ(distinct_commitments(files), 4U);
    files.push_back(seal_file({sealed.source, 6}, bytes_of("two"), sealed.key, stuck));
    EXPECT_EQ(distinct_commitments(files), 4U);  // the twin: the very same file again
}

TEST(Envelope, AKeyFileOpensWithoutAPassphrase) {
    test::SeededRandom random(2);
    const auto source = new_key_source(Unlock::Kind::key_file, cheap, random);
    const auto file = seal_file({source, 1}, bytes_of("inside"), derive_key(test::key_file(), source), random);
    const auto opening = read_opening(file, cheap);
    ASSERT_TRUE(opening.has_value());
    EXPECT_TRUE(open_file(file, derive_key(test::key_file(), opening->source)).has_value());
    EXPECT_EQ(open_file(file, derive_key(test::key_file(8), opening->source)).error().code, Errc::wrong_key);
}

// FAULTS H08
TEST(LockedKey, IsOnAPageThatIsNotDumped) {
    LockedKey key;
    std::ifstream maps("/proc/self/smaps");
    const auto address = reinterpret_cast<std::uintptr_t>(key.writable().data());
    bool here = false;
    std::string flags;
    for (std::string line; std::getline(maps, line) && flags.empty();) {
        std::uintptr_t begin = 0;
        if (std::sscanf(line.c_str(), "%lx-", &begin) == 1 && line.contains(" rw-p ")) here = begin == address;
        if (here && line.starts_with("VmFlags:")) flags = line + " ";
    }
    EXPECT_THAT(flags, testing::HasSubstr(" dd "));
#if !defined(PARLEY_SANITIZED)  // which makes mlock do nothing and say that it did
    if (key.is_locked()) {
        EXPECT_THAT(flags, testing::HasSubstr(" lo "));
    }
#endif
}

}  // namespace
}  // namespace parley::store
