// Files that hold secrets: private, whole or not there at all, and never behind a symbolic link.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace parley::store {

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
    Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~Descriptor();

    int get() const { return descriptor_; }
    bool valid() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

/// Of the system's error number: one literal that says what is wrong.
Error system_error(int number);

class Folder {
public:
    /// Makes what is missing of the path, for the user alone. Errors: storage, also where others may write.
    static Result<Folder> open(const std::string& path);

    /// The bytes of a file. Errors: not_found; damaged above `limit` and for anything but a plain file; storage.
    Result<SecretBytes> read(const std::string& name, std::size_t limit) const;

    enum class Durable { no, yes };
    /// The old bytes or the new ones, whenever the machine stops: a new file, synced, takes the name's place.
    /// Two must not do it at once. Error: storage; then the old bytes stand.
    Status replace(const std::string& name, ByteView bytes, Durable durable = Durable::yes) const;

    Status remove(const std::string& name) const;
    std::vector<std::string> names() const;

    /// Held until the descriptor is closed, whatever ends the process. Error: in_use.
    Result<Descriptor> lock(const std::string& name) const;

private:
    explicit Folder(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

    Descriptor descriptor_;
};

/// A file the user names, as a key file. Errors: not_found, damaged, storage.
Result<SecretBytes> read_path(const std::string& path, std::size_t limit);

}  // namespace parley::store
