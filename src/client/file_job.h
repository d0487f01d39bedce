// What the core asks of whoever touches disks, and what comes back. The core itself opens no file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "client/chunk_set.h"
#include "crypto/hash.h"

namespace parley::client {

/// Numbers a file of this run, offered or received, from 1 on; the user names it by this.
using FileNumber = std::uint64_t;
using ChunkBytes = std::shared_ptr<const Bytes>;
/// Under this, drawn when a file is taken, what came of it is found again by a later run.
using PartId = Id<struct PartIdTag, 8>;

// What is to be done, in this order for each file.

/// Opens a file to send it, and reads all of it once for its hash.
struct OpenFile {
    FileNumber file;
    std::string path;
};
struct ReadChunk {
    FileNumber file;
    std::uint64_t index;
};
/// Begins a file of this size in a folder, under a name of its own until it is whole.
struct CreateFile {
    FileNumber file;
    std::string folder;
    std::string name;  ///< harmless already
    std::uint64_t size;
    std::optional<PartId> lasting{};  ///< what came stays when the run ends; none: it is removed then
};
/// Goes on with a file that a former run created: with the chunks of it that are there and unharmed. Where
/// nothing is left of it, it was finished under its name already, or begins anew.
struct ResumeFile {
    CreateFile what;
    crypto::Digest256 hash;
};
/// What came of a file that ended with the run stays from now on.
struct KeepFile {
    FileNumber file;
    PartId part;
};
struct WriteChunk {
    FileNumber file;
    std::uint64_t index;
    ChunkBytes bytes;
};
/// Everything was written: gives the file its name if its hash is this one, else removes it.
struct FinishFile {
    FileNumber file;
    crypto::Digest256 hash;
};
/// Forgets a file; what was received of it and is not whole is removed, lasting or not.
struct DropFile {
    FileNumber file;
};
using FileJob = std::variant<OpenFile, ReadChunk, CreateFile, ResumeFile, KeepFile, WriteChunk, FinishFile, DropFile>;

// What came of it.

struct FileOpened {
    FileNumber file;
    std::string name;
    std::uint64_t size;
    crypto::Digest256 hash;
};
struct ChunkRead {
    FileNumber file;
    std::uint64_t index;
    ChunkBytes bytes;
};
struct FileCreated {
    FileNumber file;
    std::vector<ChunkRange> held{};  ///< what is there of it already
};
struct ChunkWritten {
    FileNumber file;
    std::uint64_t index;
};
struct FileFinished {
    FileNumber file;
    std::string path;
};
/// The file cannot go on; it is dropped already.
struct FileTrouble {
    FileNumber file;
    std::string_view what;    ///< a literal: what is wrong and what to do
    bool wrong_hash = false;  ///< all of it came, and it is not what was offered
};
using FileResult = std::variant<FileOpened, ChunkRead, FileCreated, ChunkWritten, FileFinished, FileTrouble>;

}  // namespace parley::client
