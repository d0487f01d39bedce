// Posts of one author to the same seats that follow each other in one turn. They share one block, go out in
// one piece and are forgotten together, so that a stream of small ones costs little more than their bytes.
#pragma once

#include "relay/payload.h"
#include "wire/codec.h"

namespace parley::relay {

/// Whole Deliver frames of the room's order from `first` to `last`, none left out.
struct Run {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Payload frames;

    std::uint32_t messages() const { return static_cast<std::uint32_t>(last - first + 1); }
};

/// Bytes for small posts to share: a few thousand of them in flight are a few hundred pieces to write. More
/// would keep acknowledged ones in memory for long, until the last of their run is acknowledged too.
inline constexpr std::size_t run_size = 16U << 10U;

/// What a post becomes.
inline std::size_t deliver_size(const wire::Post& post) { return wire::deliver_header_size + post.body.bytes.size(); }

/// Larger ones have a block of their own: sharing would spare them nothing.
inline bool is_small(const wire::Post& post) { return deliver_size(post) <= run_size / 4; }

}  // namespace parley::relay
