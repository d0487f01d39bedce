// What is left of a secret in this process's own memory: what a core dump, or a thief of one, would hold.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "base/bytes.h"
#include "base/ensure.h"

namespace parley::test {

/// 32 bytes to look for. It never holds them in clear, so that the search does not find the searcher.
class Marker {
public:
    explicit Marker(std::uint8_t seed) {
        for (auto& byte : masked_) byte = seed = static_cast<std::uint8_t>(seed * 5 + 113);
    }
    void write(MutableBytes out) const {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = unmasked(masked_[i % masked_.size()]);
    }
    /// The same bytes from the back: so OpenSSL's numbers lie in memory here.
    Marker reversed() const {
        auto other = *this;
        std::ranges::reverse(other.masked_);
        return other;
    }
    bool is_in(MutableBytes memory) const {
        for (auto& byte : memory) byte = unmasked(byte);
        return memmem(memory.data(), memory.size(), masked_.data(), masked_.size()) != nullptr;
    }

private:
    static std::uint8_t unmasked(std::uint8_t byte) { return byte ^ 0x5aU; }

    FixedBytes<32> masked_;
};

/// Read a piece at a time; each piece begins with the end of the one before.
inline bool is_in_range(const Marker& marker, int memory, std::size_t begin, std::size_t end) {
    static Bytes piece(1U << 20U);
    for (auto at = begin; at < end; at += piece.size() - 31) {
        const auto wanted = std::min(piece.size(), end - at);
        const auto got = pread(memory, piece.data(), wanted, static_cast<off_t>(at));
        if (got <= 0) return false;
        if (marker.is_in(MutableBytes(piece).first(static_cast<std::size_t>(got)))) return true;
    }
    return false;
}

/// Heap, globals and thread-locals: all that is written and private, without the stack, where the
/// test itself stands. Ranges above 1 GiB are a sanitizer's shadow.
inline bool remains_in_memory(const Marker& marker) {
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    ensure(memory >= 0, "a test can read its own memory");
    std::ifstream maps("/proc/self/maps");
    bool found = false;
    for (std::string line; std::getline(maps, line);) {
        std::size_t begin = 0;
        std::size_t end = 0;
        const bool written = std::sscanf(line.c_str(), "%zx-%zx rw", &begin, &end) == 2 && line.contains(" rw-p ");
        if (!written || line.contains("[stack]") || end - begin > (std::size_t{1} << 30U)) continue;
        found = found || is_in_range(marker, memory, begin, end);
    }
    close(memory);
    return found;
}

}  // namespace parley::test
