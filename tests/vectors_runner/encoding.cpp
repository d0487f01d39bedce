#include "vectors_runner/encoding.h"

#include <charconv>
#include <stdexcept>

#include "base/codec.h"
#include "identity/base64url.h"

namespace parley::vectors {
namespace {

/// id-ecPublicKey, prime256v1, and a bit string of 66 bytes: everything in front of the point.
constexpr std::uint8_t spki_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                      0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

std::optional<Bytes> base64url_field(const Json& object, const char* name) {
    const auto bytes = identity::from_base64url(object.value(name, std::string()));
    if (!bytes) return std::nullopt;
    return to_bytes(bytes->reveal());
}

bool is_on_p256(const Json& jwk) { return jwk.value("kty", "") == "EC" && jwk.value("crv", "") == "P-256"; }

/// X.690 section 8.3: a non-negative INTEGER in its shortest form.
std::optional<FixedBytes<32>> der_integer(Reader& in) {
    if (in.number<std::uint8_t>() != 0x02) return std::nullopt;
    const auto number = in.take(in.number<std::uint8_t>());
    if (number.empty() || number[0] >= 0x80) return std::nullopt;
    const bool padded = number.size() > 1 && number[0] == 0 && number[1] < 0x80;
    return padded ? std::nullopt : number32(number);
}

}  // namespace

Bytes hex_field(const Json& object, const char* name) {
    const auto& text = object.at(name).get_ref<const std::string&>();
    if (text.size() % 2 != 0) throw std::runtime_error(std::string("half a byte in ") + name);
    Bytes bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto* digits = text.data() + 2 * i;
        if (std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2) {
            throw std::runtime_error(std::string("no hexadecimal in ") + name);
        }
    }
    return bytes;
}

std::optional<FixedBytes<32>> number32(ByteView big_endian) {
    while (!big_endian.empty() && big_endian[0] == 0) big_endian = big_endian.subspan(1);
    FixedBytes<32> number{};
    if (big_endian.size() > number.size()) return std::nullopt;
    std::ranges::copy_backward(big_endian, number.end());
    return number;
}

std::optional<Bytes> point_of_jwk(const Json& jwk) {
    const auto x = base64url_field(jwk, "x");
    const auto y = base64url_field(jwk, "y");
    if (!is_on_p256(jwk) || !x || !y) return std::nullopt;
    Bytes point{0x04};
    append(point, *x);
    append(point, *y);
    return point;
}

std::optional<FixedBytes<32>> scalar_of_jwk(const Json& jwk) {
    const auto d = base64url_field(jwk, "d");
    if (!is_on_p256(jwk) || !d || d->size() != 32) return std::nullopt;
    return number32(*d);
}

std::optional<Bytes> point_of_spki(ByteView der) {
    Reader in(der);
    if (!equal(in.take(std::size(spki_head)), spki_head)) return std::nullopt;
    return to_bytes(in.rest());
}

std::optional<FixedBytes<64>> signature_of_der(ByteView der) {
    Reader in(der);
    if (in.number<std::uint8_t>() != 0x30) return std::nullopt;
    // Two integers of 33 bytes at most: the length always has the short form.
    if (in.number<std::uint8_t>() != in.remaining()) return std::nullopt;
    const auto r = der_integer(in);
    const auto s = der_integer(in);
    if (!r || !s || !in.finish()) return std::nullopt;
    FixedBytes<64> signature;
    std::ranges::copy(*s, std::ranges::copy(*r, signature.begin()).out);
    return signature;
}

}  // namespace parley::vectors
