// The damage sweep that every decoder and every tag gets (STYLE 12, ATTACKS 18).
#pragma once

#include "base/bytes.h"

namespace parley::test {

inline Bytes with_bit_flipped(ByteView whole, std::size_t bit) {
    auto damaged = to_bytes(whole);
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ 1U << bit % 8);
    return damaged;
}

inline Bytes extended_by(ByteView whole, std::uint8_t byte) {
    auto damaged = to_bytes(whole);
    damaged.push_back(byte);
    return damaged;
}

/// How many damaged forms `accepts` takes: every flipped bit, every shorter prefix, one byte more.
template <class Accepts>
std::size_t accepted_damage(ByteView whole, Accepts accepts) {
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) accepted += accepts(with_bit_flipped(whole, bit)) ? 1 : 0;
    for (std::size_t size = 0; size < whole.size(); ++size) accepted += accepts(to_bytes(whole.first(size))) ? 1 : 0;
    for (const std::uint8_t byte : FixedBytes<3>{0x00, 0x01, 0xff})
        accepted += accepts(extended_by(whole, byte)) ? 1 : 0;
    return accepted;
}

}  // namespace parley::test
