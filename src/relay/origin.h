// Where a connection comes from, as limits per address count it.
#pragma once

#include <algorithm>
#include <compare>

#include "base/bytes.h"

namespace parley::relay {

/// An IPv4 address, or the /64 of an IPv6 one: whoever has one address of it has them all. It leaves nothing behind:
/// who was here is nobody's business afterwards (FAULTS O21).
class Origin {
public:
    Origin(const Origin&) = default;
    Origin& operator=(const Origin&) = default;
    ~Origin() { wipe(network_); }

    static Origin ipv4(FixedView<4> address) {
        Origin origin;
        std::ranges::copy(address, origin.network_.begin());
        return origin;
    }
    /// IPv4 written as IPv6 counts as what it is.
    static Origin ipv6(FixedView<16> address) {
        static constexpr FixedBytes<12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        if (std::ranges::equal(address.first<12>(), mapped)) return ipv4(address.last<4>());
        Origin origin;
        origin.is_ipv6_ = true;
        std::ranges::copy(address.first<8>(), origin.network_.begin());
        return origin;
    }

    friend auto operator<=>(const Origin&, const Origin&) = default;

private:
    Origin() = default;

    bool is_ipv6_ = false;
    FixedBytes<8> network_{};
};

}  // namespace parley::relay
