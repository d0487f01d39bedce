// What is said about files inside the sessions (PROTOCOL 4.3): offers, answers, and how far a receiver is.
#pragma once

#include <memory>
#include <string>

#include "base/codec.h"
#include "base/secret.h"
#include "client/chunk_set.h"
#include "crypto/hash.h"

namespace parley::client {

using FileId = Id<struct FileIdTag, 16>;
/// Seals the chunks of one offer; everyone it was offered to holds it.
using FileSecret = Secret<struct FileSecretTag, 32>;

/// Bytes of a file in one chunk: 60 KiB, what fits a large body, a multiple of a disk's block.
inline constexpr std::uint64_t chunk_size = 61'440;

constexpr std::uint64_t chunks_of(std::uint64_t file_size) {
    return file_size / chunk_size + (file_size % chunk_size == 0 ? 0 : 1);
}
constexpr std::uint64_t size_of_chunk(std::uint64_t file_size, std::uint64_t index) {
    return std::min(chunk_size, file_size - index * chunk_size);
}

struct FileOffer {
    FileId id;
    std::shared_ptr<const FileSecret> secret;
    std::uint64_t size = 0;
    crypto::Digest256 hash;  ///< SHA-256 of the whole file
    std::string name;        ///< 1 to 255 bytes of UTF-8: the offerer's claim, never used as a path

    std::uint64_t chunks() const { return chunks_of(size); }
};

enum class Answer : std::uint8_t {
    accept = 1,
    decline = 2,
    stop = 3,      ///< a receiver gives up, or the offerer takes the offer back
    complete = 4,  ///< the whole file is there and its hash agrees
    damaged = 5,   ///< the whole file came and its hash does not agree
};
struct FileAnswer {
    FileId file;
    Answer answer = Answer::decline;
};

/// How far a receiver is: said often, counted by nobody, each one replaces the one before.
struct FileStatus {
    FileId file;
    bool idle = false;                 ///< nothing comes any more: what is missing here is not on its way
    std::uint64_t through = 0;         ///< chunks from the first on that are there without a hole
    std::vector<ChunkRange> beyond{};  ///< rising, apart from each other

    friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

void write(Writer& out, const FileOffer& offer);
Result<FileOffer> read_file_offer(Reader& in);
void write(Writer& out, const FileAnswer& answer);
Result<FileAnswer> read_file_answer(Reader& in);
Bytes encode(const FileStatus& status);
Result<FileStatus> decode_file_status(ByteView bytes);

}  // namespace parley::client
