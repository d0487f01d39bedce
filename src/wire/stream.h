// Finds whole frames in a stream that arrives in pieces. It copies only what a piece leaves over.
#pragma once

#include <utility>

#include "base/codec.h"
#include "wire/limits.h"

namespace parley::wire {

/// Where the next frame in a buffer ends, judged by its length alone.
/// 0: not even the length is whole. Errors: too_large, truncated (a length of 0).
inline Result<std::size_t> next_frame_size(ByteView buffer) {
    if (buffer.size() < length_size) return std::size_t{0};
    const std::size_t length = Reader(buffer).number<std::uint32_t>();
    if (length == 0) return fail(Errc::truncated, "a frame of length 0");
    if (length > max_frame) return fail(Errc::too_large, "a frame beyond the limit");
    return length_size + length;
}

class Stream {
public:
    /// Gives each whole frame (without its length) to `on_frame(ByteView) -> Status`, in order, and
    /// keeps the rest. Stops at the first error, which is final: the stream is out of step.
    template <class OnFrame>
    Status feed(ByteView piece, OnFrame&& on_frame) {
        return feed(piece, on_frame, [](ByteView) { return std::size_t{0}; });
    }
    /// After each frame `take_behind(ByteView) -> std::size_t` sees what follows it in the piece, and may take whole
    /// frames from the front: so many bytes.
    template <class OnFrame, class TakeBehind>
    Status feed(ByteView piece, OnFrame&& on_frame, TakeBehind&& take_behind) {
        if (rest_.empty()) return keep(piece, split(piece, on_frame, take_behind));
        // The beginning of a frame waits here: complete that one first, then work on the piece itself.
        while (!rest_.empty() && !piece.empty()) {
            const auto taken = std::min(piece.size(), missing());
            append(rest_, piece.first(taken));
            piece = piece.subspan(taken);
            const auto size = next_frame_size(rest_);
            if (!size) return std::unexpected(size.error());
            if (missing() > 0) continue;
            const auto handled = on_frame(ByteView(rest_).subspan(length_size));
            forget_whole();
            if (!handled) return handled;
        }
        return rest_.empty() ? keep(piece, split(piece, on_frame, take_behind)) : Status{};
    }

    /// Bytes of a frame that has begun and not ended.
    ByteView pending() const { return rest_; }

    /// Memory for a frame that spans pieces: who reads many connections lends it to the one it reads, and has it back
    /// when nothing is pending.
    void lend(Bytes&& memory) {
        if (rest_.empty()) rest_ = std::move(memory);
    }
    Bytes take_back() { return rest_.empty() ? std::exchange(rest_, {}) : Bytes{}; }

private:
    /// Bytes consumed, all of them whole frames.
    template <class OnFrame, class TakeBehind>
    Result<std::size_t> split(ByteView piece, OnFrame&& on_frame, TakeBehind&& take_behind) {
        std::size_t consumed = 0;
        while (true) {
            const auto left = piece.subspan(consumed);
            const auto size = next_frame_size(left);
            if (!size) return std::unexpected(size.error());
            if (*size == 0 || *size > left.size()) return consumed;
            if (auto handled = on_frame(left.subspan(length_size, *size - length_size)); !handled) {
                return std::unexpected(handled.error());
            }
            consumed += *size;
            consumed += take_behind(piece.subspan(consumed));
        }
    }
    Status keep(ByteView piece, const Result<std::size_t>& consumed);
    std::size_t missing() const;
    void forget_whole();

    Bytes rest_;
};

}  // namespace parley::wire
