#include "relay/intake.h"

#include <functional>

#include "base/ensure.h"

namespace parley::relay {

MutableBytes Intake::next() {
    const bool nothing_kept = buffer_ && buffer_.block().references == 1;
    if (nothing_kept) free_from_ = 0;
    if (!buffer_ || size - free_from_ < least) {
        wipe_stale();  // a slow reader may hold it for long
        buffer_ = pool_.open(size);
        free_from_ = written_to_ = 0;
    }
    return MutableBytes(buffer_.block().data, size).subspan(free_from_);
}

std::uint8_t* Intake::place_of(ByteView bytes) const {
    if (!buffer_) return nullptr;
    auto* begin = buffer_.block().data;
    constexpr std::less<const std::uint8_t*> before;
    const bool is_here = !before(bytes.data(), begin) && before(bytes.data(), begin + size);
    return is_here ? begin + (bytes.data() - begin) : nullptr;
}

Payload Intake::keep(ByteView read) {
    if (read.size() < worth_keeping || pool_.largest_in_use() > most_kept) return pool_.make(read);
    const auto begin = static_cast<std::size_t>(read.data() - buffer_.block().data);
    ensure(begin >= free_from_, "what is kept lies behind what was kept before");
    wipe(MutableBytes(buffer_.block().data, begin).subspan(free_from_));
    free_from_ = begin + read.size();
    return pool_.piece(buffer_, read);
}

void Intake::wipe_stale() {
    if (!has_stale()) return;
    wipe(MutableBytes(buffer_.block().data, written_to_).subspan(free_from_));
    written_to_ = free_from_;
}

}  // namespace parley::relay
