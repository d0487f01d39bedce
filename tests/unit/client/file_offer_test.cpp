#include "client/file_offer.h"

#include <gtest/gtest.h>

#include "client/content.h"
#include "client/file_limits.h"
#include "support/damage.h"
#include "world/random.h"

namespace parley::client {
namespace {

FileOffer example(std::string name = "notes.txt") {
    test::SeededRandom random(5);
    return {random.id<FileId>(), std::make_shared<const FileSecret>(random.secret<FileSecret>()), 123'456,
            random.id<crypto::Digest256>(), std::move(name)};
}

Content said(Said what) {
    Content content;
    content.k = 1;
    content.said = std::move(what);
    return content;
}

TEST(FileOffer, ComesBackAsItWent) {
    const auto bytes = encode(said(example()));
    const auto decoded = decode_content(bytes);
    ASSERT_TRUE(decoded.has_value());
    const auto& offer = std::get<FileOffer>(decoded->said);
    EXPECT_EQ(offer.size, 123'456U);
    EXPECT_EQ(offer.name, "notes.txt");
    EXPECT_EQ(encode(*decoded), bytes);
}

TEST(FileOffer, WithoutANameOrWithOneOf256BytesOrNoUtf8IsRefused) {
    EXPECT_TRUE(decode_content(encode(said(example(std::string(255, 'x'))))).has_value());
    for (const auto& name : {std::string(), std::string(256, 'x'), std::string("\xff")}) {
        EXPECT_FALSE(decode_content(encode(said(example(name)))).has_value()) << name;
    }
}

TEST(FileAnswer, ComesBackAsItWentAndUnknownOnesAreRefused) {
    for (const auto answer : {Answer::accept, Answer::decline, Answer::stop, Answer::complete, Answer::damaged}) {
        const auto bytes = encode(said(FileAnswer{example().id, answer}));
        EXPECT_EQ(encode(decode_content(bytes).value()), bytes);
    }
    for (const std::uint8_t answer : FixedBytes<3>{0, 6, 255}) {
        EXPECT_FALSE(decode_content(encode(said(FileAnswer{example().id, static_cast<Answer>(answer)}))).has_value());
    }
}

bool canonical_or_refused(ByteView bytes) {
    const auto content = decode_content(bytes);
    return !content || equal(encode(*content), bytes);
}

TEST(FileOffer, IsRefusedOrCanonicalWhateverIsDamaged) {
    for (const auto& what : {Said(example()), Said(FileAnswer{example().id, Answer::accept})}) {
        const auto second_form = [](ByteView damaged) { return !canonical_or_refused(damaged); };
        EXPECT_EQ(test::accepted_damage(encode(said(what)), second_form), 0U);
    }
}

TEST(FileStatus, IsRefusedOrCanonicalWhateverIsDamaged) {
    const FileStatus status{example().id, true, 4, {{6, 9}, {12, 12}}};
    EXPECT_EQ(decode_file_status(encode(status)).value(), status);
    const auto second_form = [](ByteView damaged) {
        const auto decoded = decode_file_status(damaged);
        return decoded && !equal(encode(*decoded), damaged);
    };
    EXPECT_EQ(test::accepted_damage(encode(status), second_form), 0U);
}

TEST(FileStatus, RefusesRangesThatTouchFallOrAreTooManyOrBeyondAnyFile) {
    const auto decodes = [](std::uint64_t through, std::vector<ChunkRange> beyond) {
        return decode_file_status(encode(FileStatus{{}, false, through, std::move(beyond)})).has_value();
    };
    EXPECT_TRUE(decodes(4, {{5, 6}}));
    EXPECT_FALSE(decodes(4, {{4, 6}}));
    EXPECT_FALSE(decodes(4, {{6, 7}, {8, 9}}));
    EXPECT_FALSE(decodes(4, {{9, 8}}));
    EXPECT_FALSE(decodes(4, {{9, 9}, {7, 7}}));
    EXPECT_FALSE(decodes(max_chunk_index + 1, {}));
    EXPECT_FALSE(decodes(0, {{1, ~0ULL}}));
    std::vector<ChunkRange> many;
    for (std::uint64_t i = 1; i <= max_status_ranges + 1; ++i) many.push_back({2 * i, 2 * i});
    EXPECT_FALSE(decodes(0, many));
    many.pop_back();
    EXPECT_TRUE(decodes(0, many));
}

TEST(Envelope, CarriesASignalInThePlaceOfAContent) {
    const Envelope envelope{{4, {}, false}, {}, 12, 0, {}, std::nullopt, FileStatus{example().id, false, 4, {{6, 9}}}};
    const auto bytes = encode(envelope);
    const auto decoded = decode_envelope(bytes.reveal());
    ASSERT_TRUE(decoded && decoded->signal);
    EXPECT_EQ(std::get<FileStatus>(*decoded->signal), std::get<FileStatus>(*envelope.signal));
    EXPECT_TRUE(equal(encode(*decoded).reveal(), bytes.reveal()));
    const auto second_form = [](ByteView damaged) {
        const auto other = decode_envelope(damaged);
        return other && !equal(encode(*other).reveal(), damaged);
    };
    EXPECT_EQ(test::accepted_damage(bytes.reveal(), second_form), 0U);
}

}  // namespace
}  // namespace parley::client
