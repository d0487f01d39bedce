// A file that is sent: read in chunks, and still the one that was offered.
#pragma once

#include <sys/stat.h>

#include <string>

#include "crypto/hash.h"
#include "files/descriptor.h"

namespace parley::files {

class Outgoing {
public:
    /// Reads all of it once, for its hash. Errors: bad_input, truncated, rolled_back, with one clear line.
    static Result<Outgoing> open(const std::string& path);

    const std::string& name() const { return name_; }
    std::uint64_t size() const { return static_cast<std::uint64_t>(opened_as_.st_size); }
    const crypto::Digest256& hash() const { return hash_; }

    /// Error: rolled_back: it is not the file any more that was offered.
    Result<Bytes> read(std::uint64_t at, std::size_t size) const;

private:
    Outgoing(Descriptor file, std::string name, const struct stat& opened_as)
        : file_(std::move(file)), name_(std::move(name)), opened_as_(opened_as) {}

    bool is_unchanged() const;
    Status digest();

    Descriptor file_;
    std::string name_;
    struct stat opened_as_;
    crypto::Digest256 hash_;
};

}  // namespace parley::files
