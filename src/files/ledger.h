// Which chunks of a part file are there, and what each of them was: kept beside it, so that a later run knows
// (decision 11). A process that ends loses nothing of it. A machine that stops may lose either file or both: what
// is not found as it was written is missing, and comes again.
//
//   ledger = for each chunk: first 16 bytes of SHA-256(chunk), or zeros: it is not there
#pragma once

#include <functional>
#include <string>

#include "client/chunk_set.h"
#include "files/descriptor.h"

namespace parley::files {

class Ledger {
public:
    /// Opens it in the folder or makes it, for its owner alone; no link is followed. Error: refused.
    static Result<Ledger> open(const Descriptor& folder, const std::string& name);

    /// After the chunk itself was written. Errors as write_all.
    Status note(std::uint64_t index, ByteView chunk);

    /// Reads all that is there of a file of this size, in its order; `on_chunk` sees each that is unharmed.
    using OnChunk = std::function<void(std::uint64_t index, ByteView chunk)>;
    void compare(const Descriptor& file, std::uint64_t size, const OnChunk& on_chunk) const;

private:
    explicit Ledger(Descriptor file) : file_(std::move(file)) {}

    std::uint64_t entries(std::uint64_t chunks) const;

    Descriptor file_;
};

}  // namespace parley::files
