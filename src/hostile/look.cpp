#include "hostile/look.h"

namespace parley::hostile {
namespace {

template <class Variant, std::size_t I = 0>
std::string_view name_in(std::uint8_t type) {
    if constexpr (I == std::variant_size_v<Variant>) {
        return "?";
    } else {
        using Frame = std::variant_alternative_t<I, Variant>;
        return type == Frame::type ? Frame::name : name_in<Variant, I + 1>(type);
    }
}

template <class Variant>
Bytes without_length(const Variant& frame) {
    Bytes bytes;
    wire::encode(frame, bytes);
    bytes.erase(bytes.begin(), bytes.begin() + wire::length_size);
    return bytes;
}

}  // namespace

std::string_view frame_name(Direction direction, std::uint8_t type) {
    return direction == Direction::to_relay ? name_in<wire::ClientFrame>(type) : name_in<wire::RelayFrame>(type);
}

Passing to_client(std::size_t client, const wire::RelayFrame& frame) {
    return {client, Direction::to_client, without_length(frame)};
}

Passing to_relay(std::size_t client, const wire::ClientFrame& frame) {
    return {client, Direction::to_relay, without_length(frame)};
}

std::optional<wire::Deliver> delivered(const Passing& passing, ratchet::BodyKind kind) {
    auto deliver = read<wire::Deliver>(passing);
    if (!deliver || deliver->body.bytes.empty()) return std::nullopt;
    if (deliver->body.bytes[0] != static_cast<std::uint8_t>(kind)) return std::nullopt;
    return deliver;
}

Passing with_body(const Passing& passing, ByteView body) {
    auto changed = passing;
    changed.frame.resize(deliver_body_at);
    append(changed.frame, body);
    return changed;
}

}  // namespace parley::hostile
