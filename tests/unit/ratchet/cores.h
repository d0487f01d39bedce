// Two ends of the core over any policy, started from fixed keys instead of a handshake.
#pragma once

#include "ratchet/double_ratchet.h"
#include "ratchet/suite.h"
#include "unit/ratchet/people.h"

namespace parley::ratchet::testing {

template <class SecretType>
SecretType secret_of(std::uint8_t byte) {
    return SecretType::filled([byte](auto out) { std::ranges::fill(out, byte); });
}

inline HeaderKeys header_keys_of(std::uint8_t byte) { return derive_header_keys(secret_of<HeaderKey>(byte)); }

/// Policies with Suite's types only.
template <class Policy>
struct Cores {
    explicit Cores(std::string_view seed = "cores") : Cores(seed, Random2(seed)) {}

    void exchange() {
        const auto there = initiator.seal(bytes_of("there"), initiator_random).value();
        ASSERT_EQ(text(responder.open(there, noon)), "there");
        const auto back = responder.seal(bytes_of("back"), responder_random).value();
        ASSERT_EQ(text(initiator.open(back, noon)), "back");
    }

    SeededRandom initiator_random;
    SeededRandom responder_random;
    DoubleRatchet<Policy> initiator;
    DoubleRatchet<Policy> responder;

private:
    struct Random2 {
        explicit Random2(std::string_view seed) : random(std::string(seed) + " keys") {}
        SeededRandom random;
    };
    Cores(std::string_view seed, Random2 made) : Cores(seed, Suite::generate(made.random)) {}
    Cores(std::string_view seed, Suite::OwnKeys keys)
        : initiator_random(std::string(seed) + " initiator"),
          responder_random(std::string(seed) + " responder"),
          initiator(State<Policy>{
              {},
              secret_of<RootKey>(1),
              header_keys_of(3),
              Answering<Policy>{
                  {keys.key.public_key(), keys.decapsulation.encapsulation_key()}, header_keys_of(2), 0}}),
          responder(State<Policy>{
              {}, secret_of<RootKey>(1), header_keys_of(2), Awaiting<Policy>{std::move(keys), header_keys_of(3), {}}}) {
    }
};

}  // namespace parley::ratchet::testing
