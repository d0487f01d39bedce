// What the core asks of whoever touches disks, and what comes back. The core itself opens no file.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "crypto/hash.h"

namespace parley::client {

/// Numbers a file of this run, offered or received, from 1 on; the user names it by this.
using FileNumber = std::uint64_t;
using ChunkBytes = std::shared_ptr<const Bytes>;

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
/// Forgets a file; what was received of it and is not whole is removed.
struct DropFile {
    FileNumber file;
};
using FileJob = std::variant<OpenFile, ReadChunk, CreateFile, WriteChunk, FinishFile, DropFile>;

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
