#include "identity/fingerprint.h"

#include "crypto/hash.h"
#include "crypto/labels.h"

namespace parley::identity {
namespace {

constexpr int rounds = 5200;
constexpr std::uint8_t fingerprint_version[] = {0, 0};

/// Six groups of five digits: each 5 bytes, big-endian, modulo 100,000.
std::string digits_of(FixedView<64> hash) {
    std::string digits;
    for (std::size_t group = 0; group < 6; ++group) {
        std::uint64_t number = 0;
        for (const auto byte : hash.subspan(group * 5, 5)) number = number << 8U | byte;
        const auto five = std::to_string(number % 100'000);
        digits += std::string(5 - five.size(), '0') + five;
    }
    return digits;
}

std::string half_of(const Fingerprinted& party) {
    auto hash = crypto::sha512({fingerprint_version, party.key, party.stable_id, party.key});
    for (int round = 1; round < rounds; ++round) hash = crypto::sha512({hash, party.key});
    return digits_of(hash);
}

}  // namespace

std::string tag(const PublicIdentity& identity) {
    // Crockford's alphabet: no I, L, O or U, so that no two characters look alike.
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto digest = crypto::sha256({crypto::labels::identity_tag, identity.bytes()});
    const auto bytes = digest.view();
    const auto bits = std::uint32_t{bytes[0]} << 16U | std::uint32_t{bytes[1]} << 8U | bytes[2];
    std::string text;
    for (int shift = 15; shift >= 0; shift -= 5) text += alphabet[bits >> shift & 31U];
    return text;
}

std::string safety_number(const Fingerprinted& one, const Fingerprinted& other) {
    const auto first = half_of(one);
    const auto second = half_of(other);
    return first < second ? first + second : second + first;
}

std::string safety_number(const PublicIdentity& one, const PublicIdentity& other) {
    const auto first = one.bytes();
    const auto second = other.bytes();
    return safety_number({first, {}}, {second, {}});
}

}  // namespace parley::identity
