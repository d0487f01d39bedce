#include "client/pairing_message.h"

#include <optional>

#include "base/codec.h"

namespace parley::client {
namespace {

constexpr std::uint8_t pairing_version = 1;
/// The first kind; the others follow in the order of the variant.
constexpr std::uint8_t first_kind = 0x10;

void write(Writer& out, const ShareMessage& message) { out.raw(message.share); }
void write(Writer& out, const AnswerMessage& message) {
    out.raw(message.share);
    out.raw(message.confirmation);
}
void write(Writer& out, const ProofMessage& message) {
    out.raw(message.confirmation);
    out.raw(message.sealed);
}
void write(Writer& out, const InvitationMessage& message) { out.raw(message.sealed); }
void write(Writer& out, const ReceiptMessage& message) { out.raw(message.sealed); }
void write(Writer&, const BurnedMessage&) {}

std::optional<PairingMessage> read(std::uint8_t kind, Reader& in) {
    switch (kind - first_kind) {
        case 0: return ShareMessage{in.array<65>()};
        case 1: {
            const auto share = in.array<65>();
            return AnswerMessage{share, in.array<32>()};
        }
        case 2: {
            const auto confirmation = in.array<32>();
            return ProofMessage{confirmation, in.array<sealed_proof_size>()};
        }
        case 3: return InvitationMessage{in.array<sealed_size>()};
        case 4: return ReceiptMessage{in.array<sealed_size>()};
        case 5: return BurnedMessage{};
        default: return std::nullopt;
    }
}

bool all_zero(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Bytes encode(const PairingMessage& message) {
    Bytes body;
    body.reserve(pairing_body);
    Writer out(body);
    out.number(static_cast<std::uint8_t>(first_kind + message.index()));
    out.number(pairing_version);
    std::visit([&](const auto& value) { write(out, value); }, message);
    body.resize(pairing_body);
    return body;
}

Result<PairingMessage> decode_pairing(ByteView body) {
    if (body.size() != pairing_body) return fail(Errc::truncated, "a pairing message has 4,096 bytes");
    Reader in(body);
    const auto kind = in.number<std::uint8_t>();
    const auto version = in.number<std::uint8_t>();
    if (version != pairing_version) return fail(Errc::unknown_type, "a pairing message of another version");
    auto message = read(kind, in);
    if (!message) return fail(Errc::unknown_type, "no pairing message of this kind");
    if (!all_zero(in.rest())) return fail(Errc::not_canonical, "a pairing message padded with something");
    return *message;
}

}  // namespace parley::client
