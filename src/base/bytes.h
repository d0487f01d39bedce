// Borrowed and owned bytes. A view never owns; a fixed view proves its length at compile time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

template <std::size_t N>
using FixedView = std::span<const std::uint8_t, N>;
template <std::size_t N>
using FixedBytes = std::array<std::uint8_t, N>;

/// Several views that are to be read as one string of bytes: what a MAC, a hash or a KDF takes.
using Parts = std::initializer_list<ByteView>;

inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

inline void append(Bytes& to, ByteView what) { to.insert(to.end(), what.begin(), what.end()); }

/// Copies to `at` and returns where the next bytes go.
inline std::uint8_t* put(ByteView what, std::uint8_t* at) {
    // memcpy may not be given the null pointer of an empty view.
    if (!what.empty()) std::memcpy(at, what.data(), what.size());
    return at + what.size();
}

inline bool equal(ByteView left, ByteView right) { return std::ranges::equal(left, right); }

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteView bytes);

/// True if both have the same length and bytes. The time depends on the lengths only.
bool equal_constant_time(ByteView left, ByteView right);

/// Overwrites with zeros in a way the compiler may not leave out.
void wipe(MutableBytes bytes);

/// The same for what functions that have returned left on the stack, down to 16 KiB below the caller: for what passed
/// through code that is not ours to change.
void wipe_stack();

}  // namespace parley
