#include <gtest/gtest.h>

#include "base/codec.h"
#include "support/allocations.h"
#include "wire/examples.h"
#include "wire/stream.h"

namespace parley::wire {
namespace {

Bytes three_frames() {
    Bytes stream;
    encode(ClientFrame(example<Join>()), stream);
    encode(ClientFrame(example<Ping>()), stream);
    encode(ClientFrame(example<Post>()), stream);
    return stream;
}

/// The frames found when the stream arrives in these pieces.
std::vector<Bytes> frames_of(ByteView stream, std::initializer_list<std::size_t> cuts) {
    Stream parser;
    std::vector<Bytes> frames;
    std::size_t from = 0;
    const auto feed_up_to = [&](std::size_t to) {
        const auto fed = parser.feed(stream.subspan(from, to - from), [&](ByteView frame) -> Status {
            frames.push_back(to_bytes(frame));
            return {};
        });
        EXPECT_TRUE(fed.has_value());
        from = to;
    };
    for (const auto cut : cuts) feed_up_to(cut);
    feed_up_to(stream.size());
    EXPECT_EQ(parser.pending().size(), 0U);
    return frames;
}

Bytes length_of(std::uint32_t length) {
    Bytes bytes;
    Writer(bytes).number(length);
    return bytes;
}

const auto ignore = [](ByteView) -> Status { return {}; };

// FAULTS R05
TEST(Stream, FindsTheSameFramesHoweverTheyAreCut) {
    const auto stream = three_frames();
    const auto whole = frames_of(stream, {});
    ASSERT_EQ(whole.size(), 3U);
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); ++second) {
            ASSERT_EQ(frames_of(stream, {first, second}), whole) << first << " " << second;
        }
    }
}

// FAULTS R05
TEST(Stream, FindsThemByteByByte) {
    const auto stream = three_frames();
    Stream parser;
    std::vector<Bytes> frames;
    for (const auto byte : stream) {
        ASSERT_TRUE(parser.feed(ByteView(&byte, 1), [&](ByteView frame) -> Status {
            frames.push_back(to_bytes(frame));
            return {};
        }));
    }
    EXPECT_EQ(frames, frames_of(stream, {}));
}

// FAULTS R06
TEST(Stream, FindsTenThousandFramesInPiecesOfAnySize) {
    Bytes stream;
    for (std::uint64_t i = 0; i < 10'000; ++i) encode(ClientFrame(Ack{i}), stream);
    for (const std::size_t size : {1U, 2U, 3U, 5U, 13U, 14U, 15U, 64U, 4'096U, 65'535U, 65'536U, 70'000U}) {
        Stream parser;
        std::uint64_t next = 0;
        for (std::size_t at = 0; at < stream.size(); at += size) {
            const auto piece = ByteView(stream).subspan(at, std::min(size, stream.size() - at));
            ASSERT_TRUE(parser.feed(piece, [&](ByteView bytes) -> Status {
                const auto frame = decode_client(bytes);
                EXPECT_EQ(std::get<Ack>(*frame).seq, next++);
                return {};
            }));
        }
        EXPECT_EQ(next, 10'000U) << size;
    }
}

// FAULTS R01
TEST(Stream, RefusesALengthOfZero) {
    Stream parser;
    EXPECT_EQ(parser.feed(length_of(0), ignore).error().code, Errc::truncated);
}

// FAULTS R02: the table of bounds; refused before anything of that size is allocated.
TEST(Stream, RefusesALengthBeyondTheLimitBeforeItAllocates) {
    for (const std::uint32_t length : {std::uint32_t{max_frame + 1}, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
        Stream parser;
        const auto bytes = length_of(length);
        const auto before = parley::testing::allocations();
        const auto fed = parser.feed(bytes, ignore);
        EXPECT_EQ(parley::testing::allocations(), before) << length;
        EXPECT_EQ(fed.error().code, Errc::too_large) << length;
    }
    Stream parser;
    EXPECT_TRUE(parser.feed(length_of(max_frame), ignore).has_value());
}

TEST(Stream, RefusesABadLengthThatComesInPieces) {
    for (const auto& [length, error] : {std::pair{0U, Errc::truncated}, {0xffffffffU, Errc::too_large}}) {
        Stream parser;
        bool called = false;
        const auto on_frame = [&](ByteView) {
            called = true;
            return Status{};
        };
        const auto bytes = length_of(length);
        EXPECT_TRUE(parser.feed(ByteView(bytes).first(3), on_frame));
        EXPECT_EQ(parser.feed(ByteView(bytes).subspan(3), on_frame).error().code, error);
        EXPECT_FALSE(called);
    }
}

/// A Join names its room, and who gets the memory next may have it for long.
TEST(Stream, WipesASmallFrameThatSpannedPieces) {
    const Bytes frame{0, 0, 0, 6, 's', 'e', 'c', 'r', 'e', 't'};
    Bytes lent;
    lent.reserve(64);
    const auto* memory = lent.data();
    Stream parser;
    parser.lend(std::move(lent));
    EXPECT_TRUE(parser.feed(ByteView(frame).first(7), ignore));
    EXPECT_TRUE(parser.feed(ByteView(frame).subspan(7), ignore));
    const auto back = parser.take_back();
    ASSERT_EQ(back.data(), memory);
    EXPECT_EQ(text_of({memory, frame.size()}).find("secret"), std::string_view::npos);
}

TEST(Stream, KeepsOnlyWhatAPieceLeavesOver) {
    auto stream = three_frames();
    stream.insert(stream.end(), {0, 0, 0, 9, 1});
    Stream parser;
    std::size_t frames = 0;
    ASSERT_TRUE(parser.feed(stream, [&](ByteView) -> Status {
        ++frames;
        return {};
    }));
    EXPECT_EQ(frames, 3U);
    EXPECT_EQ(parser.pending().size(), 5U);
}

TEST(Stream, StopsAtTheFirstErrorOfItsReader) {
    const auto stream = three_frames();
    Stream parser;
    std::size_t frames = 0;
    const auto fed = parser.feed(stream, [&](ByteView) -> Status {
        ++frames;
        return fail(Errc::wrong_state, "enough");
    });
    EXPECT_EQ(fed.error().code, Errc::wrong_state);
    EXPECT_EQ(frames, 1U);
}

}  // namespace
}  // namespace parley::wire
