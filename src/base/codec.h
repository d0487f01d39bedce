// Big-endian reading and writing of fixed fields: the one codec under frames, headers and contents.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"
#include "base/id.h"

namespace parley {

/// Writes a number most significant byte first, and returns where the next one goes.
template <std::unsigned_integral T>
std::uint8_t* put_number(T value, std::uint8_t* at) {
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

/// What is written there.
template <std::unsigned_integral T>
T get_number(const std::uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

/// Reads fields from the front of a view. The first missing byte makes it fail for good, so a
/// decoder reads all fields straight down and asks once, with finish().
class Reader {
public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}

    template <std::unsigned_integral T>
    T number() {
        const auto bytes = take(sizeof(T));
        return bytes.empty() ? T{} : get_number<T>(bytes.data());
    }
    /// A view of exactly `size` bytes; empty after a failure.
    ByteView take(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }
    template <std::size_t N>
    FixedBytes<N> array() {
        FixedBytes<N> out{};
        const auto bytes = take(N);
        if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), N);
        return out;
    }
    template <class IdType>
    IdType id() {
        // Straight from the view: a copy in between would stay on the stack.
        const auto bytes = take(IdType::size);
        return bytes.empty() ? IdType() : IdType(bytes.template first<IdType::size>());
    }
    ByteView rest() { return take(rest_.size()); }

    bool failed() const { return failed_; }
    std::size_t remaining() const { return rest_.size(); }

    /// Every byte was there and none is left over.
    Status finish() const {
        if (failed_) return fail(Errc::truncated, "bytes are missing");
        if (!rest_.empty()) return fail(Errc::trailing, "bytes are left over");
        return {};
    }

private:
    ByteView rest_;
    bool failed_ = false;
};

/// Appends fields to any container of bytes that append() knows.
template <class Out>
class BasicWriter {
public:
    explicit BasicWriter(Out& out) : out_(out) {}

    template <std::unsigned_integral T>
    void number(T value) {
        FixedBytes<sizeof(T)> bytes;
        put_number(value, bytes.data());
        raw(bytes);
    }
    void raw(ByteView bytes) { append(out_, bytes); }
    template <class Tag, std::size_t N>
    void id(const Id<Tag, N>& id) {
        raw(id.view());
    }

private:
    Out& out_;
};

using Writer = BasicWriter<Bytes>;

}  // namespace parley
