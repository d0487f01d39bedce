// Secrets: they move, never copy by accident, never compare, never print, and wipe themselves.
#pragma once

#include <new>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace parley {

/// N secret bytes of one kind. The only ways out are loud: `reveal()` and `duplicate()`.
template <class Tag, std::size_t N>
class Secret {
public:
    static constexpr std::size_t size = N;

    explicit Secret(FixedView<N> bytes) { std::ranges::copy(bytes, bytes_.begin()); }

    /// Makes a secret by letting `fill` write its bytes in place, so that no copy is left elsewhere.
    template <class Fill>
    static Secret filled(Fill&& fill) {
        Secret secret;
        std::forward<Fill>(fill)(std::span<std::uint8_t, N>(secret.bytes_));
        return secret;
    }

    Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            bytes_ = other.bytes_;
            wipe(other.bytes_);
        }
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(bytes_); }

    bool operator==(const Secret&) const = delete;

    FixedView<N> reveal() const { return FixedView<N>(bytes_); }

    /// A second copy, for working on a state that is adopted only when every tag has verified.
    Secret duplicate() const { return Secret(reveal()); }

private:
    Secret() = default;

    FixedBytes<N> bytes_{};
};

/// Allocates like the standard one and wipes before it gives back.
template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() = default;
    template <class U>
    WipingAllocator(const WipingAllocator<U>&) {}

    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T))); }
    void deallocate(T* p, std::size_t n) {
        wipe({reinterpret_cast<std::uint8_t*>(p), n * sizeof(T)});
        ::operator delete(p);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// What grows and wipes what it leaves behind.
using SecretVector = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

/// At once: with an allocator of its own a vector inserts one byte after the other.
inline void append(SecretVector& to, ByteView what) {
    const auto size = to.size();
    to.resize(size + what.size());
    put(what, to.data() + size);
}

/// Secret bytes whose number is known only at run time: plaintexts, inputs of a KDF.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    explicit SecretBytes(ByteView bytes) { append(bytes); }
    /// The parts one after the other.
    explicit SecretBytes(Parts parts) {
        std::size_t total = 0;
        for (const auto part : parts) total += part.size();
        bytes_.reserve(total);
        for (const auto part : parts) append(part);
    }

    SecretBytes(SecretBytes&&) noexcept = default;
    SecretBytes& operator=(SecretBytes&&) noexcept = default;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;

    bool operator==(const SecretBytes&) const = delete;

    std::size_t size() const { return bytes_.size(); }
    ByteView reveal() const { return {bytes_.data(), bytes_.size()}; }
    MutableBytes writable() { return {bytes_.data(), bytes_.size()}; }
    void append(ByteView more) { parley::append(bytes_, more); }
    void resize(std::size_t size) { bytes_.resize(size); }
    SecretBytes duplicate() const { return SecretBytes(reveal()); }

private:
    SecretVector bytes_;
};

}  // namespace parley
