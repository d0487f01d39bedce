// A room's state as bytes and back (PROTOCOL 3.8, 8): canonical, so that equal states are equal bytes. Each
// part saves itself; what they share is here. Times become ages, because a monotonic clock means
// nothing in another process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/codec.h"
#include "base/secret.h"
#include "base/time.h"

namespace parley::client {

struct Persona;

/// So that no sum with a time overflows; whatever is waited for is over long before.
inline constexpr Duration longest_saved_age = std::chrono::days{60};

class Saver {
public:
    explicit Saver(Time now) : now_(now) { bytes_.reserve(usual_size); }

    template <std::unsigned_integral T>
    void number(T value) {
        write_.number(value);
    }
    void count(std::size_t entries) { number(static_cast<std::uint32_t>(entries)); }
    void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
    void raw(ByteView bytes) { write_.raw(bytes); }
    template <class Tag, std::size_t N>
    void id(const Id<Tag, N>& id) {
        raw(id.view());
    }
    /// With its length in front.
    void bytes(ByteView bytes) {
        count(bytes.size());
        raw(bytes);
    }
    void text(std::string_view text) { bytes(bytes_of(text)); }
    void age(Time since) {
        number(static_cast<std::uint64_t>(std::clamp(now_ - since, Duration{}, longest_saved_age).count()));
    }
    void age(const std::optional<Time>& since) {
        flag(since.has_value());
        if (since) age(*since);
    }

    Time now() const { return now_; }
    SecretBytes finish() const { return SecretBytes(ByteView(bytes_)); }

private:
    /// A room of a few people who have talked a little: most states are written without growing.
    static constexpr std::size_t usual_size = 64U << 10U;

    Time now_;
    SecretVector bytes_;
    BasicWriter<SecretVector> write_{bytes_};
};

/// Reads what a Saver wrote. After the first failure it goes on with zeros; finish() tells.
class Loader {
public:
    Loader(ByteView saved, Time now) : read_(saved), now_(now) {}

    template <std::unsigned_integral T>
    T number() {
        return read_.number<T>();
    }
    /// A number of entries of at least `smallest` bytes each: refused before anything is made of it.
    std::size_t count(std::size_t smallest, std::size_t limit = SIZE_MAX) {
        const std::size_t entries = number<std::uint32_t>();
        const bool possible = entries <= limit && entries * smallest <= read_.remaining();
        expect(possible);
        return possible ? entries : 0;
    }
    bool flag() {
        const auto value = number<std::uint8_t>();
        expect(value <= 1);
        return value == 1;
    }
    ByteView raw(std::size_t size) { return read_.take(size); }
    template <class IdType>
    IdType id() {
        return read_.id<IdType>();
    }
    template <std::size_t N>
    FixedBytes<N> array() {
        return read_.array<N>();
    }
    ByteView bytes() { return raw(number<std::uint32_t>()); }
    std::string text() { return std::string(text_of(bytes())); }
    Time age() {
        const auto nanoseconds = number<std::uint64_t>();
        const bool believable = nanoseconds <= static_cast<std::uint64_t>(longest_saved_age.count());
        expect(believable);
        return believable ? now_ - Duration(static_cast<Duration::rep>(nanoseconds)) : now_;
    }
    std::optional<Time> optional_age() { return flag() ? std::optional(age()) : std::nullopt; }

    /// What does not hold was not written by a Saver.
    void expect(bool holds) { canonical_ = canonical_ && holds; }
    bool good() const { return canonical_ && !read_.failed(); }
    Status finish() const {
        if (const auto whole = read_.finish(); !whole) return whole;
        if (!canonical_) return fail(Errc::not_canonical, "a state is not saved like this");
        return {};
    }
    Time now() const { return now_; }

private:
    Reader read_;
    Time now_;
    bool canonical_ = true;
};

/// Identity and contacts: what all rooms of a person share.
SecretBytes save(const Persona& persona);
/// Errors: truncated, trailing, not_canonical, bad_key.
Result<Persona> restore_persona(ByteView saved);

}  // namespace parley::client
