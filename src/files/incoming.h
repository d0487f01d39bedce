// A file that is received: hidden until it is whole, then given a name that was free (FAULTS H09, H10). What came
// of it goes when the run ends, or lasts until a later run goes on with it.
#pragma once

#include <optional>
#include <string>

#include "client/file_job.h"
#include "crypto/hash.h"
#include "files/descriptor.h"
#include "files/ledger.h"

namespace parley::files {

class Incoming {
public:
    /// Makes ".NAME.part" in the folder, for its owner alone; lasting ones carry their id in their name. Nothing
    /// is followed, nothing is overwritten, and nothing is allocated for the size that somebody claims.
    /// Error: refused, too_large, with one clear line.
    static Result<Incoming> create(const client::CreateFile& what);
    /// Whether anything of a lasting one is there.
    static bool is_there(const client::CreateFile& what);
    /// With what is there and unharmed of a lasting one; where nothing is there, it begins anew.
    static Result<Incoming> resume(const client::CreateFile& what);

    Incoming(Incoming&& other) noexcept;
    Incoming& operator=(Incoming&&) = delete;
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    /// What is not whole and does not last is removed.
    ~Incoming();

    Status write(std::uint64_t index, ByteView chunk);
    const client::ChunkSet& held() const { return held_; }
    /// From now on it lasts. Error: refused; then it does not.
    Status keep(const client::PartId& id);
    /// Whatever is not whole goes, lasting or not.
    void remove();
    /// The path it got. Errors: bad_tag where it is not what was offered, refused.
    Result<std::string> finish(const crypto::Digest256& expected);

private:
    Incoming(Descriptor folder, const client::CreateFile& what)
        : folder_(std::move(folder)), folder_path_(what.folder), name_(what.name), size_(what.size) {}

    static Result<Incoming> begin(const client::CreateFile& what);
    Status make_part();
    Status open_part(const client::PartId& id);
    void find_held();
    Status note_held(Ledger& ledger) const;
    void drop_ledger();
    void take(std::uint64_t index, ByteView chunk);
    Status digest_rest();
    Result<std::string> take_name();
    int give_name(const std::string& name) const;

    Descriptor folder_;
    std::string folder_path_;
    std::string name_;
    std::uint64_t size_;
    std::string part_;  ///< empty: there is none, or it has its name
    Descriptor file_;
    std::string ledger_name_;
    std::optional<Ledger> ledger_;  ///< none: it does not last
    client::ChunkSet held_;
    crypto::Sha256 hash_;       ///< of the bytes up to here
    std::uint64_t hashed_ = 0;  ///< what came in order was hashed as it came
    std::uint64_t end_ = 0;
};

/// Where a file of this name, size and hash is in the folder under a name that it could have got. None: nowhere.
std::optional<std::string> find_whole(const client::ResumeFile& job);

}  // namespace parley::files
