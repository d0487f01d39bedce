// A key that lives as long as the program: on a page of its own that is neither swapped out nor dumped.
#pragma once

#include "base/secret.h"

namespace parley::store {

class LockedKey {
public:
    LockedKey();
    LockedKey(LockedKey&& other) noexcept;
    LockedKey& operator=(LockedKey&&) = delete;
    ~LockedKey();

    MutableBytes writable() { return {page_, size}; }
    FixedView<32> reveal() const { return FixedView<32>(page_, size); }

    /// False where the system does not allow it (ulimit -l): the key may reach a swap disk.
    bool is_locked() const { return locked_; }

private:
    static constexpr std::size_t size = 32;

    std::uint8_t* page_;
    bool locked_;
};

}  // namespace parley::store
