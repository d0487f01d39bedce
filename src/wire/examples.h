// One example of each frame, with all its fields: for the page, the vectors and the tests.
#pragma once

#include <numeric>

#include "wire/codec.h"

namespace parley::wire {

/// Bytes that count upwards from `first`, so that a misplaced field shows.
template <std::size_t N>
FixedBytes<N> counting(std::uint8_t first) {
    FixedBytes<N> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

inline ByteView example_payload() {
    static const auto bytes = counting<24>(0xa0);
    return bytes;
}

inline void fill(std::uint8_t& value) { value = 1; }
inline void fill(std::uint16_t& value) { value = 0x0102; }
inline void fill(std::uint32_t& value) { value = 0x01020304; }
inline void fill(std::uint64_t& value) { value = 0x0102030405060708; }
inline void fill(Presence& value) { value = Presence::away; }
inline void fill(RefuseReason& value) { value = RefuseReason::room_full; }
template <class Tag, std::size_t N>
void fill(Id<Tag, N>& id) {
    id = Id<Tag, N>(counting<N>(0x10));
}
template <std::size_t N>
void fill(FixedBytes<N>& bytes) {
    bytes = counting<N>(0x40);
}
template <std::size_t Limit>
void fill(Payload<Limit>& payload) {
    payload.bytes = example_payload();
}
template <class T>
void fill(std::optional<T>& value);
template <class T>
    requires requires { T::fields(); }
void fill(T& group) {
    std::apply([&](const auto&... field) { (fill(group.*field.member), ...); }, T::fields());
}
template <class T>
void fill(std::optional<T>& value) {
    fill(value.emplace());
}

template <class Frame>
Frame example() {
    Frame frame;
    fill(frame);
    return frame;
}

/// Calls `visit` with an example of each alternative, in order.
template <class Variant, class Visit>
void for_each_example(Visit&& visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (visit(example<std::variant_alternative_t<I, Variant>>()), ...);
    }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class Frame>
Bytes encoded(const Frame& frame) {
    Bytes bytes;
    encode(frame, bytes);
    return bytes;
}

}  // namespace parley::wire
