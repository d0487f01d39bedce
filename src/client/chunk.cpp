#include "client/chunk.h"

#include "base/ensure.h"
#include "crypto/box.h"
#include "crypto/hmac.h"
#include "ratchet/body.h"

namespace parley::client {
namespace {

namespace labels = crypto::labels;

constexpr std::size_t half = 8;
constexpr std::size_t locator_at = 1;
constexpr std::size_t salt_at = locator_at + 2 * half;
constexpr std::size_t box_at = salt_at + sizeof(crypto::Salt);
constexpr std::size_t padded_size = ratchet::large_body - box_at - crypto::box_overhead;
static_assert(padded_size >= chunk_size);

using Half = FixedBytes<half>;

Half encoded(std::uint64_t index) {
    Bytes bytes;
    Writer(bytes).number(index);
    Half out{};
    std::copy_n(bytes.begin(), half, out.begin());
    return out;
}

Half half_mac(const FileSecret& secret, crypto::Label label, ByteView of) {
    FixedBytes<32> mac;
    crypto::hmac_sha256(secret.reveal(), {label, of}, mac);
    Half out{};
    std::copy_n(mac.begin(), half, out.begin());
    return out;
}

Half masked(const FileSecret& secret, ByteView tag, Half value) {
    const auto mask = half_mac(secret, labels::file_locator_mask, tag);
    for (std::size_t i = 0; i < half; ++i) value[i] = static_cast<std::uint8_t>(value[i] ^ mask[i]);
    return value;
}

struct Place {
    Bytes aad;

    Place(const FileOffer& offer, std::uint64_t index) : aad(to_bytes(ByteView(labels::file_chunk_box))) {
        Writer out(aad);
        out.number(index);
        out.number(static_cast<std::uint8_t>(index + 1 == offer.chunks()));
    }
};

}  // namespace

Bytes seal_chunk(const FileOffer& offer, std::uint64_t index, ByteView chunk, Random& random) {
    ensure(index < offer.chunks() && chunk.size() == size_of_chunk(offer.size, index), "a chunk of this file");
    const auto& secret = *offer.secret;
    SecretBytes padded(chunk);
    padded.resize(padded_size);
    const auto tag = half_mac(secret, labels::file_locator, encoded(index));
    const auto salt = crypto::box_salt(secret.reveal(), labels::file_chunk_box, padded.reveal(), random);
    Bytes body(ratchet::large_body);
    body[0] = static_cast<std::uint8_t>(ratchet::BodyKind::chunk);
    const MutableBytes out(body);
    std::ranges::copy(tag, out.subspan(locator_at).begin());
    std::ranges::copy(masked(secret, tag, encoded(index)), out.subspan(locator_at + half).begin());
    std::ranges::copy(salt, out.subspan(salt_at).begin());
    crypto::seal_box(secret.reveal(), labels::file_chunk_box, salt, Place(offer, index).aad, padded.reveal(),
                     out.subspan(box_at));
    return body;
}

std::optional<std::uint64_t> locate_chunk(const FileOffer& offer, ByteView body) {
    if (body.size() != ratchet::large_body) return std::nullopt;
    const auto tag = body.subspan(locator_at, half);
    Half hidden{};
    std::ranges::copy(body.subspan(locator_at + half, half), hidden.begin());
    const auto index = masked(*offer.secret, tag, hidden);
    const auto expected = half_mac(*offer.secret, labels::file_locator, index);
    if (!equal_constant_time(expected, tag)) return std::nullopt;
    const auto place = Reader(index).number<std::uint64_t>();
    return place < offer.chunks() ? std::optional(place) : std::nullopt;
}

Result<Bytes> open_chunk(const FileOffer& offer, std::uint64_t index, ByteView body) {
    ensure(index < offer.chunks() && body.size() == ratchet::large_body, "a chunk that was located");
    crypto::Salt salt;
    std::ranges::copy(body.subspan(salt_at, salt.size()), salt.begin());
    Bytes padded(padded_size);
    const auto opened = crypto::open_box(offer.secret->reveal(), labels::file_chunk_box, salt, Place(offer, index).aad,
                                         body.subspan(box_at), padded);
    if (!opened) return std::unexpected(opened.error());
    const auto size = size_of_chunk(offer.size, index);
    const bool zeros = std::ranges::all_of(ByteView(padded).subspan(size), [](std::uint8_t byte) { return byte == 0; });
    if (!zeros) return fail(Errc::not_canonical, "a chunk longer than its place");
    padded.resize(size);
    return padded;
}

}  // namespace parley::client
