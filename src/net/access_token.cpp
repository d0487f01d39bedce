#include "net/access_token.h"

#include <charconv>

#include "net/openssl.h"

namespace parley::net {

std::optional<AccessToken> AccessToken::parse(std::string_view text) {
    FixedBytes<32> digest{};
    if (text.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const auto* first = text.data() + 2 * i;
        const auto [end, error] = std::from_chars(first, first + 2, digest[i], 16);
        if (error != std::errc{} || end != first + 2) return std::nullopt;
    }
    return AccessToken(digest);
}

bool AccessToken::admits(const std::optional<Token>& token) const {
    if (!token) return false;
    FixedBytes<32> digest{};
    demand(EVP_Digest(token->data(), token->size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
    return equal_constant_time(digest, digest_);
}

}  // namespace parley::net
