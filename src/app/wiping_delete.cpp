// The client's heap is wiped as it is given back: what was said, names and numbers stay in no freed block, wherever
// they were copied on their way. Keys have their own types (base/secret.h); this is for everything else
// (docs/decisions, 0019).
#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

// A sanitizer has an allocator of its own, which tells the two apart.
#if !defined(PARLEY_SANITIZED)

namespace {

void wipe_and_free(void* block) noexcept {
    if (block == nullptr) return;
    ::explicit_bzero(block, ::malloc_usable_size(block));
    std::free(block);
}

}  // namespace

void operator delete(void* block) noexcept { wipe_and_free(block); }
void operator delete[](void* block) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::size_t) noexcept { wipe_and_free(block); }
void operator delete[](void* block, std::size_t) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::align_val_t) noexcept { wipe_and_free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { wipe_and_free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { wipe_and_free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { wipe_and_free(block); }

#endif
