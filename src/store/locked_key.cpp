#include "store/locked_key.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

namespace parley::store {
namespace {

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

LockedKey::LockedKey() {
    auto* page = ::mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::bad_alloc();
    page_ = static_cast<std::uint8_t*>(page);
    locked_ = ::mlock(page_, page_size()) == 0;
    ::madvise(page_, page_size(), MADV_DONTDUMP);
    ::madvise(page_, page_size(), MADV_WIPEONFORK);
}

LockedKey::LockedKey(LockedKey&& other) noexcept : page_(std::exchange(other.page_, nullptr)), locked_(other.locked_) {}

LockedKey::~LockedKey() {
    if (page_ == nullptr) return;
    wipe(writable());
    ::munmap(page_, page_size());
}

}  // namespace parley::store
