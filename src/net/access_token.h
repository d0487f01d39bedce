// What a relay that is not open to everybody asks for: the relay keeps its digest, an invitation carries it.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace parley::net {

class AccessToken {
public:
    using Token = FixedBytes<16>;

    /// From the 64 hexadecimal digits of its SHA-256; none where the text is something else.
    static std::optional<AccessToken> parse(std::string_view digest);

    /// Compared in constant time.
    bool admits(const std::optional<Token>& token) const;

private:
    explicit AccessToken(const FixedBytes<32>& digest) : digest_(digest) {}

    FixedBytes<32> digest_;
};

}  // namespace parley::net
