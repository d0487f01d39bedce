#include "files/incoming.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "client/file_name.h"
#include "client/file_offer.h"
#include "files/outgoing.h"

namespace parley::files {
namespace {

/// Names tried before giving up: a folder with so many of one name holds them on purpose.
constexpr unsigned max_names = 1000;
constexpr std::size_t digest_piece = 1U << 20U;

std::string nth_name(const std::string& name, unsigned n) { return n == 1 ? name : client::numbered_name(name, n); }

constexpr std::string_view part_ending = ".part";
constexpr std::string_view ledger_ending = ".map";

std::string lasting_name(const std::string& name, const client::PartId& id, std::string_view ending) {
    return ("." + name + "." + id.hex()).append(ending);
}

std::unexpected<Error> no_file() {
    return fail(Errc::refused, "no file can be made in the folder for files: may you write there?");
}

bool has_room(const Descriptor& folder, std::uint64_t size) {
    struct statvfs status{};
    if (::fstatvfs(folder.get(), &status) != 0) return true;
    return size / status.f_frsize < status.f_bavail;
}

}  // namespace

Result<Incoming> Incoming::begin(const client::CreateFile& what) {
    Descriptor opened(::open(what.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return fail(Errc::refused, "the folder for files cannot be opened: is it there, and is it yours?");
    return Incoming(std::move(opened), what);
}

Result<Incoming> Incoming::create(const client::CreateFile& what) {
    auto incoming = begin(what);
    if (!incoming) return incoming;
    if (!has_room(incoming->folder_, what.size)) {
        return fail(Errc::too_large, "there is not enough room on this disk for it");
    }
    const auto made = what.lasting ? incoming->open_part(*what.lasting) : incoming->make_part();
    if (!made) return std::unexpected(made.error());
    return incoming;
}

Result<Incoming> Incoming::resume(const client::CreateFile& what) {
    auto incoming = begin(what);
    if (!incoming) return incoming;
    if (const auto opened = incoming->open_part(what.lasting.value()); !opened) return std::unexpected(opened.error());
    incoming->find_held();
    return incoming;
}

Incoming::Incoming(Incoming&& other) noexcept
    : folder_(std::move(other.folder_)),
      folder_path_(std::move(other.folder_path_)),
      name_(std::move(other.name_)),
      size_(other.size_),
      part_(std::exchange(other.part_, {})),
      file_(std::move(other.file_)),
      ledger_name_(std::move(other.ledger_name_)),
      ledger_(std::move(other.ledger_)),
      held_(std::move(other.held_)),
      hash_(std::move(other.hash_)),
      hashed_(other.hashed_),
      end_(other.end_) {}

Incoming::~Incoming() {
    if (!ledger_) remove();
}

void Incoming::remove() {
    if (!part_.empty()) ::unlinkat(folder_.get(), part_.c_str(), 0);
    part_.clear();
    drop_ledger();
}

void Incoming::drop_ledger() {
    if (ledger_) ::unlinkat(folder_.get(), ledger_name_.c_str(), 0);
    ledger_.reset();
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
    return no_file();
}

Status Incoming::open_part(const client::PartId& id) {
    file_ = open_own(folder_, lasting_name(name_, id, part_ending));
    if (!file_) return no_file();
    auto ledger = Ledger::open(folder_, lasting_name(name_, id, ledger_ending));
    if (!ledger) return std::unexpected(ledger.error());
    part_ = lasting_name(name_, id, part_ending);
    ledger_name_ = lasting_name(name_, id, ledger_ending);
    ledger_ = std::move(*ledger);
    return {};
}

void Incoming::find_held() {
    ledger_->compare(file_, size_, [this](std::uint64_t index, ByteView chunk) { take(index, chunk); });
}

/// It is on the disk.
void Incoming::take(std::uint64_t index, ByteView chunk) {
    const auto at = index * client::chunk_size;
    held_.add(index);
    end_ = std::max(end_, at + chunk.size());
    if (at != hashed_) return;
    hash_.add(chunk);
    hashed_ += chunk.size();
}

Status Incoming::write(std::uint64_t index, ByteView chunk) {
    if (const auto written = write_all(file_, chunk, index * client::chunk_size); !written) return written;
    if (ledger_) {
        if (const auto noted = ledger_->note(index, chunk); !noted) return noted;
    }
    take(index, chunk);
    return {};
}

Status Incoming::keep(const client::PartId& id) {
    if (ledger_) return {};
    const auto name = lasting_name(name_, id, ledger_ending);
    auto ledger = Ledger::open(folder_, name);
    if (!ledger) return std::unexpected(ledger.error());
    if (const auto noted = note_held(*ledger); !noted) return noted;
    auto part = lasting_name(name_, id, part_ending);
    if (::renameat2(folder_.get(), part_.c_str(), folder_.get(), part.c_str(), RENAME_NOREPLACE) != 0) return no_file();
    part_ = std::move(part);
    ledger_name_ = name;
    ledger_ = std::move(*ledger);
    return {};
}

Status Incoming::note_held(Ledger& ledger) const {
    Bytes chunk;
    for (std::uint64_t index = 0; index < client::chunks_of(end_); ++index) {
        if (!held_.contains(index)) continue;
        chunk.resize(client::size_of_chunk(size_, index));
        if (const auto read = read_all(file_, chunk, index * client::chunk_size); !read) return read;
        if (const auto noted = ledger.note(index, chunk); !noted) return noted;
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
    // Whoever made a part longer that lay there does not make the file longer.
    if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) return no_file();
    if (hash_.finish() != expected) return fail(Errc::bad_tag, "what came is not what was offered: it was removed");
    return take_name();
}

Result<std::string> Incoming::take_name() {
    for (unsigned n = 1; n <= max_names; ++n) {
        const auto name = nth_name(name_, n);
        const int error = give_name(name);
        if (error == 0) {
            part_.clear();
            drop_ledger();
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

bool Incoming::is_there(const client::CreateFile& what) {
    struct stat status{};
    const auto part = what.folder + "/" + lasting_name(what.name, what.lasting.value(), part_ending);
    return ::lstat(part.c_str(), &status) == 0;
}

/// Names are given in their order, so that the first one that is free ends the search.
std::optional<std::string> find_whole(const client::ResumeFile& job) {
    for (unsigned n = 1; n <= max_names; ++n) {
        auto path = job.what.folder + "/" + nth_name(job.what.name, n);
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
        const bool may_be_it = S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) == job.what.size;
        const auto file = may_be_it ? Outgoing::open(path) : fail(Errc::not_found, "another file");
        if (file && file->hash() == job.hash) return path;
    }
    return std::nullopt;
}

}  // namespace parley::files
