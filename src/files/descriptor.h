// An open file or folder that closes itself, and reads and writes that do all or say why not.
#pragma once

#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"

namespace parley::files {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int get() const { return value_; }
    explicit operator bool() const { return value_ >= 0; }

private:
    int value_ = -1;
};

/// A plain file of ours alone in a folder, that was there or is new; no link of either kind is followed. Empty
/// where it cannot be had.
Descriptor open_own(const Descriptor& folder, const std::string& name);
/// Fills all of `into`. Error: truncated, where the file ends before or cannot be read.
Status read_all(const Descriptor& file, MutableBytes into, std::uint64_t at);
/// Errors: too_large (the disk is full), refused (anything else).
Status write_all(const Descriptor& file, ByteView from, std::uint64_t at);

}  // namespace parley::files
