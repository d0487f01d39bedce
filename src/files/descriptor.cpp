#include "files/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace parley::files {

Descriptor::~Descriptor() {
    if (value_ >= 0) ::close(value_);
}

Descriptor open_own(const Descriptor& folder, const std::string& name) {
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    Descriptor file(::openat(folder.get(), name.c_str(), flags, 0600));
    struct stat status{};
    const bool ours = file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
                      status.st_uid == ::geteuid();
    return ours ? std::move(file) : Descriptor();
}

Status read_all(const Descriptor& file, MutableBytes into, std::uint64_t at) {
    while (!into.empty()) {
        const auto size = ::pread(file.get(), into.data(), into.size(), static_cast<off_t>(at));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return fail(Errc::truncated, "the file cannot be read to its end");
        into = into.subspan(static_cast<std::size_t>(size));
        at += static_cast<std::uint64_t>(size);
    }
    return {};
}

Status write_all(const Descriptor& file, ByteView from, std::uint64_t at) {
    while (!from.empty()) {
        const auto size = ::pwrite(file.get(), from.data(), from.size(), static_cast<off_t>(at));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
            return fail(Errc::too_large, "the disk is full: what came of it was removed");
        }
        if (size <= 0) return fail(Errc::refused, "the disk does not take it: what came of it was removed");
        from = from.subspan(static_cast<std::size_t>(size));
        at += static_cast<std::uint64_t>(size);
    }
    return {};
}

}  // namespace parley::files
