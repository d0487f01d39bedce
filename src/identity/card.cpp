#include "identity/card.h"

#include "base/codec.h"
#include "base/ensure.h"
#include "base/utf8.h"
#include "crypto/box.h"

namespace parley::identity {
namespace {

constexpr std::uint8_t card_version = 1;

FixedBytes<RoomId::size + SeatId::size> aad_of(const Place& place) {
    FixedBytes<RoomId::size + SeatId::size> aad;
    std::ranges::copy(place.seat.view(), std::ranges::copy(place.room.view(), aad.begin()).out);
    return aad;
}

bool all_zero(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

bool is_acceptable_name(std::string_view name) {
    return !name.empty() && name.size() <= max_name_size && is_valid_utf8(name);
}

Bytes encode(const Card& card) {
    ensure(is_acceptable_name(card.name), "a card has an acceptable name");
    Bytes bytes;
    Writer out(bytes);
    out.number(card_version);
    out.number(card.number);
    out.raw(card.identity.bytes());
    out.raw(card.certificate);
    out.raw(card.random);
    out.number(static_cast<std::uint8_t>(card.name.size()));
    out.raw(bytes_of(card.name));
    bytes.resize(card_size);
    return bytes;
}

Result<Card> decode_card(ByteView plaintext) {
    if (plaintext.size() != card_size) return fail(Errc::truncated, "a card has 1,024 bytes");
    Reader in(plaintext);
    if (in.number<std::uint8_t>() != card_version) return fail(Errc::unknown_type, "a card of another version");
    const auto number = in.number<std::uint64_t>();
    auto identity = PublicIdentity::parse(in.take(PublicIdentity::size));
    if (!identity) return std::unexpected(identity.error());
    const auto certificate = in.array<64>();
    const auto random = in.array<32>();
    const std::string name(text_of(in.take(in.number<std::uint8_t>())));
    if (!all_zero(in.rest())) return fail(Errc::not_canonical, "a card padded with something");
    if (!is_acceptable_name(name)) return fail(Errc::bad_input, "a card with a name nobody may have");
    if (auto valid = identity->check(certificate); !valid) return std::unexpected(valid.error());
    return Card{number, std::move(*identity), certificate, random, name};
}

Bytes seal_card(ByteView plaintext, const RoomKey& key, const Place& place, Random& random) {
    const auto salt = crypto::box_salt(key.reveal(), crypto::labels::card_box, plaintext, random);
    Bytes sealed(salt.size() + plaintext.size() + crypto::box_overhead);
    std::ranges::copy(salt, sealed.begin());
    crypto::seal_box(key.reveal(), crypto::labels::card_box, salt, aad_of(place), plaintext,
                     MutableBytes(sealed).subspan(salt.size()));
    return sealed;
}

Result<Bytes> open_card(ByteView sealed, const RoomKey& key, const Place& place) {
    if (sealed.size() != sealed_card_size) return fail(Errc::truncated, "a sealed card has 1,088 bytes");
    Reader in(sealed);
    const auto salt = in.array<16>();
    Bytes plaintext(card_size);
    auto opened = crypto::open_box(key.reveal(), crypto::labels::card_box, salt, aad_of(place), in.rest(), plaintext);
    if (!opened) return std::unexpected(opened.error());
    return plaintext;
}

}  // namespace parley::identity
