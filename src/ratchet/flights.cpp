#include "ratchet/flights.h"

#include "base/codec.h"
#include "ratchet/body.h"
#include "ratchet/version.h"

namespace parley::ratchet {
namespace {

constexpr std::size_t init_size = 2 + 2 * crypto::Digest256::size + crypto::P256PublicKey::size + crypto::kem_key_size;
constexpr std::size_t answer_said_size =
    2 + crypto::P256PublicKey::size + crypto::kem_key_size + crypto::kem_ciphertext_size;

Bytes begin(BodyKind kind) {
    Bytes body;
    body.reserve(handshake_body);
    body.push_back(static_cast<std::uint8_t>(kind));
    append(body, version_byte);
    return body;
}

Bytes padded(Bytes body) {
    body.resize(handshake_body);
    return body;
}

Status check_frame(ByteView body, BodyKind expected, std::size_t size) {
    const auto kind = kind_of(body);
    if (!kind) return std::unexpected(kind.error());
    if (*kind != expected) return fail(Errc::unknown_type, "another kind of body");
    if (body[1] != version_byte[0]) return fail(Errc::unknown_type, "no version of the handshake");
    const bool only_zeros = std::ranges::all_of(body.subspan(size), [](auto byte) { return byte == 0; });
    if (!only_zeros) return fail(Errc::not_canonical, "something follows the handshake");
    return {};
}

struct Ephemerals {
    crypto::P256PublicKey key;
    crypto::EncapsulationKey encapsulation;
};

Result<Ephemerals> read_ephemerals(Reader& reader) {
    auto key = crypto::P256PublicKey::parse(reader.take(crypto::P256PublicKey::size));
    if (!key) return std::unexpected(key.error());
    auto encapsulation = crypto::EncapsulationKey::parse(reader.take(crypto::kem_key_size));
    if (!encapsulation) return std::unexpected(encapsulation.error());
    return Ephemerals{std::move(*key), std::move(*encapsulation)};
}

}  // namespace

ByteView said_in_init(ByteView body) { return body.first(init_size); }
ByteView said_in_answer(ByteView body) { return body.first(answer_said_size); }

Bytes encode(const Init& init) {
    auto body = begin(BodyKind::init);
    append(body, init.initiator_card.view());
    append(body, init.responder_card.view());
    append(body, init.key.view());
    append(body, init.encapsulation.view());
    return padded(std::move(body));
}

Result<Init> decode_init(ByteView body) {
    if (const auto checked = check_frame(body, BodyKind::init, init_size); !checked) {
        return std::unexpected(checked.error());
    }
    Reader reader(said_in_init(body).subspan(2));
    const auto initiator_card = reader.id<crypto::Digest256>();
    const auto responder_card = reader.id<crypto::Digest256>();
    auto ephemerals = read_ephemerals(reader);
    if (!ephemerals) return std::unexpected(ephemerals.error());
    return Init{initiator_card, responder_card, std::move(ephemerals->key), std::move(ephemerals->encapsulation)};
}

Bytes encode(const Answer& answer) {
    auto body = begin(BodyKind::answer);
    append(body, answer.key.view());
    append(body, answer.encapsulation.view());
    append(body, answer.ciphertext);
    append(body, answer.mac);
    return padded(std::move(body));
}

Result<Answer> decode_answer(ByteView body) {
    const auto size = answer_said_size + FixedBytes<32>{}.size();
    if (const auto checked = check_frame(body, BodyKind::answer, size); !checked) {
        return std::unexpected(checked.error());
    }
    Reader reader(body.first(size).subspan(2));
    auto ephemerals = read_ephemerals(reader);
    if (!ephemerals) return std::unexpected(ephemerals.error());
    const auto ciphertext = reader.array<crypto::kem_ciphertext_size>();
    return Answer{std::move(ephemerals->key), std::move(ephemerals->encapsulation), ciphertext, reader.array<32>()};
}

}  // namespace parley::ratchet
