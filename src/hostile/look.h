// What a relay can see of a frame (THREATS): its type, who posts to whom, and which flight of a handshake it is.
#pragma once

#include "hostile/interceptor.h"
#include "ratchet/body.h"
#include "wire/codec.h"

namespace parley::hostile {

/// "Deliver"; "?" for a type that is none.
std::string_view frame_name(Direction direction, std::uint8_t type);

template <class Frame>
bool is(const Passing& passing) {
    constexpr bool from_client = Frame::type < 0x80;
    const bool same_way = (passing.direction == Direction::to_relay) == from_client;
    return same_way && !passing.frame.empty() && passing.frame[0] == Frame::type;
}

/// Its fields, if it is a whole frame of this type. They point into `passing`.
template <class Frame>
std::optional<Frame> read(const Passing& passing) {
    if (!is<Frame>(passing)) return std::nullopt;
    if constexpr (Frame::type < 0x80) {
        const auto frame = wire::decode_client(passing.frame);
        return frame ? std::optional(std::get<Frame>(*frame)) : std::nullopt;
    } else {
        const auto frame = wire::decode_relay(passing.frame);
        return frame ? std::optional(std::get<Frame>(*frame)) : std::nullopt;
    }
}

/// A frame for a client, or of one.
Passing to_client(std::size_t client, const wire::RelayFrame& frame);
Passing to_relay(std::size_t client, const wire::ClientFrame& frame);

/// A Deliver of this kind; none for everything else.
std::optional<wire::Deliver> delivered(const Passing& passing, ratchet::BodyKind kind);
/// The same frame with another body.
Passing with_body(const Passing& deliver, ByteView body);

}  // namespace parley::hostile
