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

/// No larger: a run goes out or waits as a whole, and acknowledged posts stay in memory until the last of theirs is
/// acknowledged too.
inline constexpr std::size_t run_size = 64U << 10U;

/// What a post is, and what it becomes.
inline std::size_t frame_size(const wire::Post& post) { return wire::post_header_size + post.body.bytes.size(); }

}  // namespace parley::relay
