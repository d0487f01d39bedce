#include "sim/sealings.h"

#include "crypto/box.h"
#include "ratchet/body.h"
#include "ratchet/header.h"
#include "wire/frames.h"

namespace parley::sim {
namespace {

constexpr std::size_t body_at = hostile::post_body_at + 1;  // behind its kind
constexpr std::size_t card_box_at = 1 + sizeof(crypto::Salt);

bool is_message(ByteView frame) {
    return frame[0] == wire::Post::type && frame.size() > body_at + ratchet::sealed_header_size &&
           frame[hostile::post_body_at] == static_cast<std::uint8_t>(ratchet::BodyKind::message);
}

}  // namespace

/// PROTOCOL 3.5: the nonce of a header is a MAC of it under a key that belongs to the one which seals. 3.6: the key of
/// a box seals with one nonce only, and comes out of one HKDF with the commitment.
void Sealings::watch(const hostile::Passing& passing) {
    const ByteView frame(passing.frame);
    if (passing.direction != hostile::Direction::to_relay || frame.empty()) return;
    if (frame[0] == wire::Card::type) note(frame.subspan(card_box_at), crypto::commitment_size);
    if (!is_message(frame)) return;
    note(frame.subspan(body_at, ratchet::sealed_header_size), sizeof(crypto::Nonce));
    note(frame.subspan(body_at + ratchet::sealed_header_size), crypto::commitment_size);
}

void Sealings::note(ByteView sealed, std::size_t name_size) {
    const auto hash = std::hash<std::string_view>{}(text_of(sealed.subspan(name_size)));
    const auto [known, is_new] = known_.emplace(text_of(sealed.first(name_size)), hash);
    if (!is_new && known->second != hash) ++alike_;
}

}  // namespace parley::sim
