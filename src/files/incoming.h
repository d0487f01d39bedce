// A file that is received: hidden until it is whole, then given a name that was free (FAULTS H09, H10).
#pragma once

#include <string>

#include "crypto/hash.h"
#include "files/descriptor.h"

namespace parley::files {

class Incoming {
public:
    /// Makes ".NAME.part" in the folder, for its owner alone. Nothing is followed, nothing is overwritten, and
    /// nothing is allocated for the size that somebody claims. Error: refused, too_large, with one clear line.
    static Result<Incoming> create(const std::string& folder, std::string name, std::uint64_t size);

    Incoming(Incoming&& other) noexcept;
    Incoming& operator=(Incoming&&) = delete;
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    /// What is not whole is removed.
    ~Incoming();

    Status write(std::uint64_t at, ByteView bytes);
    /// The path it got. Errors: bad_tag where it is not what was offered, refused.
    Result<std::string> finish(const crypto::Digest256& expected);

private:
    Incoming(Descriptor folder, std::string path, std::string name)
        : folder_(std::move(folder)), folder_path_(std::move(path)), name_(std::move(name)) {}

    Status make_part();
    Status digest_rest();
    Result<std::string> take_name();
    int give_name(const std::string& name) const;

    Descriptor folder_;
    std::string folder_path_;
    std::string name_;
    std::string part_;  ///< empty: there is none, or it has its name
    Descriptor file_;
    crypto::Sha256 hash_;       ///< of the bytes up to here
    std::uint64_t hashed_ = 0;  ///< what came in order was hashed as it came
    std::uint64_t end_ = 0;
};

}  // namespace parley::files
