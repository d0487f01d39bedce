// Public names: rooms, seats, contents. They compare, order, hash and print; two kinds never mix.
#pragma once

#include <compare>
#include <cstring>
#include <functional>

#include "base/bytes.h"

namespace parley {

/// N public bytes that name one kind of thing. `Tag` keeps the kinds apart.
template <class Tag, std::size_t N>
class Id {
public:
    static constexpr std::size_t size = N;

    Id() = default;  ///< all zero: the name of nothing
    explicit Id(FixedView<N> bytes) { std::memcpy(bytes_.data(), bytes.data(), N); }

    FixedView<N> view() const { return FixedView<N>(bytes_); }
    std::string hex() const { return to_hex(bytes_); }

    friend auto operator<=>(const Id&, const Id&) = default;
    /// A length that the compiler knows makes it two comparisons of words.
    friend bool operator==(const Id& left, const Id& right) {
        return std::memcmp(left.bytes_.data(), right.bytes_.data(), N) == 0;
    }

private:
    FixedBytes<N> bytes_{};
};

}  // namespace parley

/// Ids are random or digests, so their first bytes are already a good hash.
template <class Tag, std::size_t N>
    requires(N >= sizeof(std::size_t))
struct std::hash<parley::Id<Tag, N>> {
    std::size_t operator()(const parley::Id<Tag, N>& id) const noexcept {
        std::size_t value;
        std::memcpy(&value, id.view().data(), sizeof value);
        return value;
    }
};
