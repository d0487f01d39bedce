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
/// What makes a Deliver of the Post at `at`; its length stays.
inline void put_deliver_header(std::uint64_t seq, const SeatId& from, std::size_t body_size, std::uint8_t* at) {
    at = put_number(static_cast<std::uint32_t>(post_header_size - length_size + body_size), at);
    at = put_number(Deliver::type, at);
    at = put_number(seq, at);
    put(from.view(), at);
}

}  // namespace parley::wire
