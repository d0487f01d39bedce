#include "hostile/keys.h"

namespace parley::hostile {
namespace {

using ratchet::BodyKind;

ByteView body_of(const Passing& deliver) { return ByteView(deliver.frame).subspan(deliver_body_at); }

}  // namespace

bool InTheHandshake::aims_at(const Passing& frame, Time) {
    if (delivered(frame, BodyKind::init)) return ratchet::decode_init(body_of(frame)).has_value();
    return delivered(frame, BodyKind::answer) && ratchet::decode_answer(body_of(frame));
}

std::vector<Passing> InTheHandshake::strike(Passing frame, Time) {
    if (auto init = ratchet::decode_init(body_of(frame))) {
        change(*init);
        return only(with_body(frame, ratchet::encode(*init)));
    }
    auto answer = *ratchet::decode_answer(body_of(frame));
    change(answer);
    return only(with_body(frame, ratchet::encode(answer)));
}

SwapEphemeral::SwapEphemeral(std::uint64_t seed)
    : InTheHandshake("swap-ephemeral", "its ephemeral key is the attacker's now", seed),
      ours_(crypto::P256PrivateKey::generate(random())) {}

void SwapEphemeral::change(ratchet::Init& init) { init.key = ours_.public_key(); }
void SwapEphemeral::change(ratchet::Answer& answer) { answer.key = ours_.public_key(); }

SwapKem::SwapKem(std::uint64_t seed)
    : InTheHandshake("swap-kem", "its ML-KEM value is the attacker's now", seed),
      ours_(crypto::DecapsulationKey::generate(random())) {}

void SwapKem::change(ratchet::Init& init) {
    theirs_ = init.encapsulation;
    init.encapsulation = ours_.encapsulation_key();
}

void SwapKem::change(ratchet::Answer& answer) {
    answer.encapsulation = ours_.encapsulation_key();
    if (theirs_) answer.ciphertext = crypto::encapsulate(*theirs_, random()).ciphertext;
}

bool StripHybrid::aims_at(const Passing& frame, Time) {
    return delivered(frame, strips_init_ ? BodyKind::init : BodyKind::answer).has_value();
}

/// The classical fields stay as they are: kind, card hashes or nothing, and the P-256 key.
std::vector<Passing> StripHybrid::strike(Passing frame, Time) {
    auto body = to_bytes(body_of(frame));
    const auto hashes = strips_init_ ? 2 * crypto::Digest256::size : 0;
    const auto kem_at = 2 + hashes + crypto::P256PublicKey::size;
    const auto kem_size = crypto::kem_key_size + (strips_init_ ? 0 : crypto::kem_ciphertext_size);
    body[1] = 0;  // a version that knows no ML-KEM
    std::ranges::fill(MutableBytes(body).subspan(kem_at, kem_size), 0);
    return only(with_body(frame, body));
}

}  // namespace parley::hostile
