#include "store/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace parley::store {
namespace {

std::unexpected<Error> failed() { return std::unexpected(system_error(errno)); }

Status write_all(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed();
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<SecretBytes> read_all(int descriptor, std::size_t limit) {
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) return failed();
    const bool plain = S_ISREG(about.st_mode) && about.st_size >= 0;
    if (!plain || static_cast<std::size_t>(about.st_size) > limit) {
        return fail(Errc::damaged, "no plain file, or far too large for what it should be");
    }
    SecretBytes bytes(static_cast<std::size_t>(about.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto rest = bytes.writable().subspan(filled);
        const auto got = ::read(descriptor, rest.data(), rest.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed();
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

bool is_ours_alone(int descriptor) {
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) return false;
    return about.st_uid == ::geteuid() && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Without it the new name may be gone after a power cut.
void sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid()) ::fsync(folder.get());
}

/// Each missing folder of a path. What exists already stays as it is.
void make_folders(const std::string& path) {
    for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const auto folder = path.substr(0, end);
        if (::mkdir(folder.c_str(), 0700) == 0) sync_folder(folder.substr(0, folder.rfind('/') + 1));
        if (end == path.npos) return;
    }
}

/// Somebody removed it while we waited to have it: whoever comes next locks another file of its name.
bool has_a_name(int descriptor) {
    struct stat about{};
    return ::fstat(descriptor, &about) == 0 && about.st_nlink > 0;
}

}  // namespace

Descriptor::~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Error system_error(int number) {
    switch (number) {
        case ENOENT: return {Errc::not_found, "there is no such file"};
        case ENOSPC:
        case EDQUOT: return {Errc::storage, "the disk is full"};
        case EROFS: return {Errc::storage, "the disk can only be read"};
        case EACCES:
        case EPERM: return {Errc::storage, "this is not allowed: whose file is it?"};
        case ELOOP: return {Errc::storage, "a symbolic link stands where a file should be: it is not followed"};
        case EIO: return {Errc::storage, "the disk reports an error"};
        default: return {Errc::storage, "a file could not be read or written"};
    }
}

Result<Folder> Folder::open(const std::string& path) {
    make_folders(path);
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.valid()) return failed();
    if (!is_ours_alone(folder.get())) return fail(Errc::storage, "others may write to the folder of profiles");
    return Folder(std::move(folder));
}

Result<SecretBytes> Folder::read(const std::string& name, std::size_t limit) const {
    const Descriptor file(::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.valid()) return failed();
    return read_all(file.get(), limit);
}

Status Folder::replace(const std::string& name, ByteView bytes, Durable durable) const {
    const auto fresh = "." + name + ".new";
    ::unlinkat(descriptor_.get(), fresh.c_str(), 0);  // what an end in the middle left behind
    const Descriptor file(
        ::openat(descriptor_.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) return failed();
    auto status = write_all(file.get(), bytes);
    if (status && durable == Durable::yes && ::fsync(file.get()) != 0) status = failed();
    if (status && ::renameat(descriptor_.get(), fresh.c_str(), descriptor_.get(), name.c_str()) != 0) status = failed();
    if (!status) {
        ::unlinkat(descriptor_.get(), fresh.c_str(), 0);
        return status;
    }
    if (durable == Durable::yes && ::fsync(descriptor_.get()) != 0) return failed();
    return {};
}

Status Folder::remove(const std::string& name) const {
    if (::unlinkat(descriptor_.get(), name.c_str(), 0) != 0) return failed();
    return {};
}

std::vector<std::string> Folder::names() const {
    std::vector<std::string> names;
    const int copy = ::openat(descriptor_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    auto* entries = copy < 0 ? nullptr : ::fdopendir(copy);
    if (entries == nullptr) return names;
    while (const auto* entry = ::readdir(entries)) names.emplace_back(entry->d_name);
    ::closedir(entries);
    std::ranges::sort(names);
    return names;
}

Result<Descriptor> Folder::lock(const std::string& name) const {
    Descriptor file(::openat(descriptor_.get(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) return failed();
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    errno = 0;
    if (::fcntl(file.get(), F_OFD_SETLK, &whole) == 0 && has_a_name(file.get())) return file;
    if (errno == 0 || errno == EAGAIN || errno == EACCES)
        return fail(Errc::in_use, "this profile is in use by another parley");
    return failed();
}

Result<SecretBytes> read_path(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file.valid()) return failed();
    return read_all(file.get(), limit);
}

}  // namespace parley::store
