#include "files/ledger.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/file_offer.h"
#include "crypto/hash.h"

namespace parley::files {
namespace {

constexpr std::size_t entry_size = 16;
using Entry = FixedBytes<entry_size>;

Entry entry_of(ByteView chunk) {
    const auto hash = crypto::sha256({chunk});
    Entry entry;
    std::ranges::copy(hash.view().first(entry_size), entry.begin());
    return entry;
}

}  // namespace

Result<Ledger> Ledger::open(const Descriptor& folder, const std::string& name) {
    Descriptor file = open_own(folder, name);
    if (!file) return fail(Errc::refused, "no file can be made in the folder for files: may you write there?");
    return Ledger(std::move(file));
}

Status Ledger::note(std::uint64_t index, ByteView chunk) {
    return write_all(file_, entry_of(chunk), index * entry_size);
}

/// It may be shorter than the file asks for, and is not read beyond that.
std::uint64_t Ledger::entries(std::uint64_t chunks) const {
    struct stat status{};
    if (::fstat(file_.get(), &status) != 0) return 0;
    return std::min(chunks, static_cast<std::uint64_t>(status.st_size) / entry_size);
}

void Ledger::compare(const Descriptor& file, std::uint64_t size, const OnChunk& on_chunk) const {
    Bytes chunk;
    const auto end = entries(client::chunks_of(size));
    for (std::uint64_t index = 0; index < end; ++index) {
        Entry noted{};
        if (!read_all(file_, noted, index * entry_size)) return;
        if (noted == Entry{}) continue;
        chunk.resize(client::size_of_chunk(size, index));
        if (read_all(file, chunk, index * client::chunk_size) && entry_of(chunk) == noted) on_chunk(index, chunk);
    }
}

}  // namespace parley::files
