#include "files/outgoing.h"

#include <fcntl.h>

#include "base/utf8.h"
#include "client/file_limits.h"
#include "client/file_name.h"

namespace parley::files {
namespace {

constexpr std::size_t digest_piece = 1U << 20U;
constexpr auto changed = "the file changed after it was offered: offer it again";

/// What is offered is what it is called here, unless no other system could show that.
std::string offered_name(const std::string& path) {
    auto name = path.substr(path.find_last_of('/') + 1);
    const bool good = !name.empty() && name.size() <= client::max_file_name && is_valid_utf8(name);
    return good ? name : client::safe_file_name(name);
}

bool same_time(const timespec& one, const timespec& other) {
    return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

}  // namespace

Result<Outgoing> Outgoing::open(const std::string& path) {
    // A pipe must not make us wait for a writer before we see that it is one.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return fail(Errc::bad_input, "this file cannot be opened: is the path right, and may you read it?");
    struct stat status{};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return fail(Errc::bad_input, "only files can be sent: make an archive of a folder first");
    }
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    Outgoing outgoing(std::move(file), offered_name(path), status);
    if (const auto read = outgoing.digest(); !read) return std::unexpected(read.error());
    return outgoing;
}

Status Outgoing::digest() {
    crypto::Sha256 hash;
    Bytes piece(digest_piece);
    for (std::uint64_t at = 0; at < size(); at += piece.size()) {
        piece.resize(std::min<std::uint64_t>(digest_piece, size() - at));
        if (const auto read = read_all(file_, piece, at); !read) return std::unexpected(read.error());
        hash.add(piece);
    }
    if (!is_unchanged()) return fail(Errc::rolled_back, "the file changes while it is read: offer it when it is done");
    hash_ = hash.finish();
    return {};
}

bool Outgoing::is_unchanged() const {
    struct stat now{};
    return ::fstat(file_.get(), &now) == 0 && now.st_size == opened_as_.st_size &&
           same_time(now.st_mtim, opened_as_.st_mtim) && same_time(now.st_ctim, opened_as_.st_ctim);
}

Result<Bytes> Outgoing::read(std::uint64_t at, std::size_t size) const {
    Bytes bytes(size);
    const auto read = read_all(file_, bytes, at);
    if (!read || !is_unchanged()) return fail(Errc::rolled_back, changed);
    return bytes;
}

}  // namespace parley::files
