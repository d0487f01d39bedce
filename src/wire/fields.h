// How each type of field is read and written. Private to the wire: frames.h says which fields exist.
#pragma once

#include "base/codec.h"
#include "wire/frames.h"

namespace parley::wire {

template <class T>
concept Enumeration = std::is_enum_v<T>;
template <class T>
concept Group = requires { T::fields(); };

template <class Out>
struct FieldWriter {
    BasicWriter<Out>& out;

    void write(std::unsigned_integral auto value) { out.number(value); }
    void write(Enumeration auto value) { out.number(static_cast<std::uint8_t>(value)); }
    template <class Tag, std::size_t N>
    void write(const Id<Tag, N>& id) {
        out.id(id);
    }
    template <std::size_t N>
    void write(const FixedBytes<N>& bytes) {
        out.raw(bytes);
    }
    template <std::size_t Limit>
    void write(const Payload<Limit>& payload) {
        out.raw(payload.bytes);
    }
    /// None is all zeros: no seat has that id.
    void write(const std::optional<SeatId>& seat) { out.id(seat.value_or(SeatId())); }
    template <class T>
    void write(const std::optional<T>& value) {
        out.number(static_cast<std::uint8_t>(value.has_value()));
        if (value) write(*value);
    }
    template <Group T>
    void write(const T& group) {
        std::apply([&](const auto&... field) { (write(group.*field.member), ...); }, T::fields());
    }
};

/// Reads straight down; the first thing that is wrong is kept and told by finish().
struct FieldReader {
    Reader in;
    std::optional<Error> wrong{};

    template <std::unsigned_integral T>
    void read(T& value) {
        value = in.number<T>();
    }
    template <Enumeration T>
    void read(T& value) {
        const auto number = in.number<std::uint8_t>();
        if (number > last_value(T{})) refuse(Errc::not_canonical, "a value that means nothing");
        value = static_cast<T>(number);
    }
    template <class Tag, std::size_t N>
    void read(Id<Tag, N>& id) {
        id = in.id<Id<Tag, N>>();
    }
    template <std::size_t N>
    void read(FixedBytes<N>& bytes) {
        bytes = in.array<N>();
    }
    template <std::size_t Limit>
    void read(Payload<Limit>& payload) {
        if (in.remaining() > Limit) refuse(Errc::too_large, "a payload beyond its limit");
        payload.bytes = in.rest();
    }
    void read(std::optional<SeatId>& seat) {
        const auto id = in.id<SeatId>();
        if (id != SeatId()) seat = id;
    }
    template <class T>
    void read(std::optional<T>& value) {
        const auto flag = in.number<std::uint8_t>();
        if (flag > 1) refuse(Errc::not_canonical, "a flag that is neither 0 nor 1");
        if (flag == 1) read(value.emplace());
    }
    template <Group T>
    void read(T& group) {
        std::apply([&](const auto&... field) { (read(group.*field.member), ...); }, T::fields());
    }

    Status finish() const {
        if (wrong) return std::unexpected(*wrong);
        return in.finish();
    }

private:
    void refuse(Errc code, std::string_view what) {
        if (!wrong) wrong = Error{code, what};
    }
};

}  // namespace parley::wire
