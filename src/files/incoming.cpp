#include "files/incoming.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "client/file_name.h"

namespace parley::files {
namespace {

/// Names tried before giving up: a folder with so many of one name holds them on purpose.
constexpr unsigned max_names = 1000;
constexpr std::size_t digest_piece = 1U << 20U;

std::string nth_name(const std::string& name, unsigned n) { return n == 1 ? name : client::numbered_name(name, n); }

bool has_room(const Descriptor& folder, std::uint64_t size) {
    struct statvfs status{};
    if (::fstatvfs(folder.get(), &status) != 0) return true;
    return size / status.f_frsize < status.f_bavail;
}

}  // namespace

Result<Incoming> Incoming::create(const std::string& folder, std::string name, std::uint64_t size) {
    Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return fail(Errc::refused, "the folder for files cannot be opened: is it there, and is it yours?");
    if (!has_room(opened, size)) return fail(Errc::too_large, "there is not enough room on this disk for it");
    Incoming incoming(std::move(opened), folder, std::move(name));
    if (const auto made = incoming.make_part(); !made) return std::unexpected(made.error());
    return incoming;
}

Incoming::Incoming(Incoming&& other) noexcept
    : folder_(std::move(other.folder_)),
      folder_path_(std::move(other.folder_path_)),
      name_(std::move(other.name_)),
      part_(std::exchange(other.part_, {})),
      file_(std::move(other.file_)),
      hash_(std::move(other.hash_)),
      hashed_(other.hashed_),
      end_(other.end_) {}

Incoming::~Incoming() {
    if (!part_.empty()) ::unlinkat(folder_.get(), part_.c_str(), 0);
}

Status Incoming::make_part() {
    for (unsigned n = 1; n <= max_names; ++n) {
        auto part = "." + nth_name(name_, n) + ".part";
        constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        file_ = Descriptor(::openat(folder_.get(), part.c_str(), flags, 0600));
        if (file_) {
            part_ = std::move(part);
            return {};
        }
        if (errno != EEXIST) break;
    }
    return fail(Errc::refused, "no file can be made in the folder for files: may you write there?");
}

Status Incoming::write(std::uint64_t at, ByteView bytes) {
    if (const auto written = write_all(file_, bytes, at); !written) return written;
    end_ = std::max(end_, at + bytes.size());
    if (at == hashed_) {
        hash_.add(bytes);
        hashed_ += bytes.size();
    }
    return {};
}

/// What came out of order is read again.
Status Incoming::digest_rest() {
    Bytes piece(digest_piece);
    while (hashed_ < end_) {
        piece.resize(std::min<std::uint64_t>(digest_piece, end_ - hashed_));
        if (const auto read = read_all(file_, piece, hashed_); !read) {
            return fail(Errc::refused, "the disk does not give back what was written: the file was removed");
        }
        hash_.add(piece);
        hashed_ += piece.size();
    }
    return {};
}

Result<std::string> Incoming::finish(const crypto::Digest256& expected) {
    if (const auto read = digest_rest(); !read) return std::unexpected(read.error());
    if (hash_.finish() != expected) return fail(Errc::bad_tag, "what came is not what was offered: it was removed");
    return take_name();
}

Result<std::string> Incoming::take_name() {
    for (unsigned n = 1; n <= max_names; ++n) {
        const auto name = nth_name(name_, n);
        const int error = give_name(name);
        if (error == 0) {
            part_.clear();
            return folder_path_ + "/" + name;
        }
        if (error != EEXIST) break;
    }
    return fail(Errc::refused, "the file cannot get its name in the folder for files: it was removed");
}

/// Never over a file that is there, whoever made it in the meantime.
int Incoming::give_name(const std::string& name) const {
    const int folder = folder_.get();
    if (::renameat2(folder, part_.c_str(), folder, name.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // A file system that knows no such rename may know links.
    if (::linkat(folder, part_.c_str(), folder, name.c_str(), 0) != 0) return errno;
    ::unlinkat(folder, part_.c_str(), 0);
    return 0;
}

}  // namespace parley::files
