#include "wire/stream.h"

namespace parley::wire {
namespace {

constexpr std::size_t may_name_something = 4096;  // larger ones are sealed bodies

}  // namespace

Status Stream::keep(ByteView piece, const Result<std::size_t>& consumed) {
    if (!consumed) return std::unexpected(consumed.error());
    append(rest_, piece.subspan(*consumed));
    return {};
}

/// A Join names its room: the memory is used again, and who gets it may have it for long.
void Stream::forget_whole() {
    if (rest_.size() <= may_name_something) wipe(rest_);
    rest_.clear();
}

std::size_t Stream::missing() const {
    if (rest_.size() < length_size) return length_size - rest_.size();
    const auto size = next_frame_size(rest_);
    return size ? *size - rest_.size() : 0;
}

}  // namespace parley::wire
