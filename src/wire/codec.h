// Bytes <-> frames. One value has one encoding: if decode(x) works, encode(decode(x)) == x.
#pragma once

#include "base/codec.h"
#include "wire/frames.h"

namespace parley::wire {

/// Appends the frame with its length in front.
void encode(const ClientFrame& frame, Bytes& out);
void encode(const RelayFrame& frame, Bytes& out);

/// `frame` is what the length counts: type and fields. Errors: unknown_type, truncated, trailing,
/// not_canonical, too_large. Payloads are views into `frame`; nothing is allocated.
Result<ClientFrame> decode_client(ByteView frame);
Result<RelayFrame> decode_relay(ByteView frame);
/// The same for the one frame that comes in masses, without the variant around it.
inline bool is_post(ByteView frame) { return !frame.empty() && frame[0] == Post::type; }
Result<Post> decode_post(ByteView frame);

/// Everything of a Post or a Deliver but its body: number, seat and body stand at the same place in both.
inline constexpr std::size_t post_header_size = length_size + 1 + 8 + SeatId::size;
/// A Post where it lies, as far as a relay needs to know it that has just taken one before it.
struct PostHead {
    std::uint64_t id;
    FixedView<SeatId::size> to;  ///< zeros: everyone
    std::size_t frame_size;      ///< with its length
};
/// The frame in front, if it is a Post and whole. Whatever else it is, or what is wrong with it, the decoder says.
inline std::optional<PostHead> post_in_front(ByteView buffer) {
    if (buffer.size() < post_header_size || buffer[length_size] != Post::type) return std::nullopt;
    const std::size_t frame_size = length_size + get_number<std::uint32_t>(buffer.data());
    const bool is_whole = frame_size >= post_header_size && frame_size <= buffer.size();
    if (!is_whole || frame_size > post_header_size + max_body) return std::nullopt;
    return PostHead{get_number<std::uint64_t>(buffer.data() + length_size + 1),
                    buffer.subspan<length_size + 1 + 8, SeatId::size>(), frame_size};
}
/// Makes a Deliver of the Post at `at`; its length and its body stay.
inline void make_deliver(std::uint64_t seq, const SeatId& from, std::uint8_t* at) {
    at = put_number(Deliver::type, at + length_size);
    at = put_number(seq, at);
    put(from.view(), at);
}

}  // namespace parley::wire
