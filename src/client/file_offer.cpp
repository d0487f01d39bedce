#include "client/file_offer.h"

#include "base/utf8.h"
#include "client/file_limits.h"

namespace parley::client {
namespace {

/// One range that touches the one below it would be a second way to write one.
bool is_apart(const ChunkRange& range, std::uint64_t next_expected) {
    return range.first > next_expected && range.last >= range.first && range.last <= max_chunk_index;
}

}  // namespace

void write(Writer& out, const FileOffer& offer) {
    out.id(offer.id);
    out.raw(offer.secret->reveal());
    out.number(offer.size);
    out.id(offer.hash);
    out.raw(bytes_of(offer.name));
}

Result<FileOffer> read_file_offer(Reader& in) {
    FileOffer offer;
    offer.id = in.id<FileId>();
    const auto secret = in.take(FileSecret::size);
    offer.size = in.number<std::uint64_t>();
    offer.hash = in.id<crypto::Digest256>();
    if (in.failed()) return fail(Errc::truncated, "a file offer without its end");
    offer.secret = std::make_shared<const FileSecret>(secret.first<FileSecret::size>());
    offer.name = text_of(in.rest());
    if (offer.name.empty() || offer.name.size() > max_file_name) {
        return fail(Errc::too_large, "a file's name has 1 to 255 bytes");
    }
    if (!is_valid_utf8(offer.name)) return fail(Errc::not_canonical, "a file's name that is not UTF-8");
    return offer;
}

void write(Writer& out, const FileAnswer& answer) {
    out.id(answer.file);
    out.number(static_cast<std::uint8_t>(answer.answer));
}

Result<FileAnswer> read_file_answer(Reader& in) {
    const auto file = in.id<FileId>();
    const auto answer = in.number<std::uint8_t>();
    if (auto ended = in.finish(); !ended) return std::unexpected(ended.error());
    if (answer < static_cast<std::uint8_t>(Answer::accept) || answer > static_cast<std::uint8_t>(Answer::damaged)) {
        return fail(Errc::unknown_type, "no answer to a file offer");
    }
    return FileAnswer{file, static_cast<Answer>(answer)};
}

Bytes encode(const FileStatus& status) {
    Bytes bytes;
    Writer out(bytes);
    out.id(status.file);
    out.number(static_cast<std::uint8_t>(status.idle));
    out.number(status.through);
    out.number(static_cast<std::uint8_t>(status.beyond.size()));
    for (const auto& [first, last] : status.beyond) {
        out.number(first);
        out.number(last);
    }
    return bytes;
}

Result<FileStatus> decode_file_status(ByteView bytes) {
    Reader in(bytes);
    FileStatus status;
    status.file = in.id<FileId>();
    const auto idle = in.number<std::uint8_t>();
    status.through = in.number<std::uint64_t>();
    const auto count = in.number<std::uint8_t>();
    if (idle > 1) return fail(Errc::not_canonical, "a flag that is neither 0 nor 1");
    if (count > max_status_ranges || status.through > max_chunk_index) {
        return fail(Errc::too_large, "more chunks than a file has");
    }
    status.idle = idle == 1;
    auto expected = status.through;
    for (std::uint8_t i = 0; i < count; ++i) {
        const auto first = in.number<std::uint64_t>();
        const ChunkRange range{first, in.number<std::uint64_t>()};
        if (!is_apart(range, expected)) return fail(Errc::not_canonical, "ranges out of order");
        expected = range.last + 1;
        status.beyond.push_back(range);
    }
    if (auto ended = in.finish(); !ended) return std::unexpected(ended.error());
    return status;
}

}  // namespace parley::client
