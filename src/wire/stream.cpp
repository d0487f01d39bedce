#include "wire/stream.h"

namespace parley::wire {

Status Stream::keep(ByteView piece, const Result<std::size_t>& consumed) {
    if (!consumed) return std::unexpected(consumed.error());
    append(rest_, piece.subspan(*consumed));
    return {};
}

std::size_t Stream::missing() const {
    if (rest_.size() < length_size) return length_size - rest_.size();
    const auto size = next_frame_size(rest_);
    return size ? *size - rest_.size() : 0;
}

}  // namespace parley::wire
