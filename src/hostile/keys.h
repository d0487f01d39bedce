// Public values of the handshake replaced by the attacker's own, which are as well-formed as the true ones, and the
// post-quantum half left out.
#pragma once

#include "hostile/attack.h"
#include "hostile/look.h"
#include "hostile/seeded_random.h"
#include "ratchet/flights.h"

namespace parley::hostile {

/// Aims at both flights of every handshake on their way to clients.
class InTheHandshake : public OneAttack {
protected:
    InTheHandshake(std::string_view name, std::string_view deed, std::uint64_t seed)
        : OneAttack(name, deed), random_(seed) {}

    bool aims_at(const Passing& frame, Time) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

    /// Makes of it what goes on in its place.
    virtual void change(ratchet::Init& init) = 0;
    virtual void change(ratchet::Answer& answer) = 0;

    Random& random() { return random_; }

private:
    SeededRandom random_;
};

/// In the middle of the elliptic half: each side is shown an ephemeral key of the attacker's.
class SwapEphemeral final : public InTheHandshake {
public:
    explicit SwapEphemeral(std::uint64_t seed);

protected:
    void change(ratchet::Init& init) override;
    void change(ratchet::Answer& answer) override;

private:
    crypto::P256PrivateKey ours_;
};

/// In the middle of the post-quantum half: the initiator's encapsulation key is replaced, what the responder
/// encapsulates is opened, and a secret of the attacker's is encapsulated to the true key.
class SwapKem final : public InTheHandshake {
public:
    explicit SwapKem(std::uint64_t seed);

protected:
    void change(ratchet::Init& init) override;
    void change(ratchet::Answer& answer) override;

private:
    crypto::DecapsulationKey ours_;
    std::optional<crypto::EncapsulationKey> theirs_;  ///< of the Init that was changed last
};

/// A downgrade: the Init, or where the seed is even the Answer, claims a version without a post-quantum half.
class StripHybrid final : public OneAttack {
public:
    explicit StripHybrid(std::uint64_t seed)
        : OneAttack("strip-hybrid", "its post-quantum half was left out"), strips_init_(seed % 2 == 1) {}

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    bool strips_init_;
};

}  // namespace parley::hostile
