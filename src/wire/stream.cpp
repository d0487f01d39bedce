#include "wire/stream.h"

#include "base/codec.h"

namespace parley::wire {

Result<std::size_t> next_frame_size(ByteView buffer) {
    if (buffer.size() < length_size) return std::size_t{0};
    const std::size_t length = Reader(buffer).number<std::uint32_t>();
    if (length == 0) return fail(Errc::truncated, "a frame of length 0");
    if (length > max_frame) return fail(Errc::too_large, "a frame beyond the limit");
    return length_size + length;
}

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
