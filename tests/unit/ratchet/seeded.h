// Two people with seeded randomness: the same on every run. No test library, so that fuzz targets use it too.
#pragma once

#include "crypto/hash.h"
#include "identity/identity.h"
#include "ratchet/handshake.h"

namespace parley::ratchet::testing {

/// A stream that repeats: SHA-256(seed || counter).
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::string_view seed) : seed_(seed) {}

    void fill(MutableBytes out) override {
        for (std::size_t at = 0; at < out.size(); at += 32) {
            const FixedBytes<4> counter{static_cast<std::uint8_t>(count_ >> 24U),
                                        static_cast<std::uint8_t>(count_ >> 16U),
                                        static_cast<std::uint8_t>(count_ >> 8U), static_cast<std::uint8_t>(count_)};
            ++count_;
            const auto block = crypto::sha256({bytes_of(seed_), counter});
            const auto size = std::min<std::size_t>(32, out.size() - at);
            std::ranges::copy(block.view().first(size), out.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }

private:
    std::string seed_;
    std::uint32_t count_ = 0;
};

inline constexpr Time noon{std::chrono::hours{12}};

struct Person {
    explicit Person(std::string_view name)
        : random(name),
          identity(identity::Identity::generate(random)),
          card(1024, static_cast<std::uint8_t>(name[0])) {}

    const identity::PublicIdentity& who() const { return identity.public_identity(); }

    SeededRandom random;
    identity::Identity identity;
    Bytes card;
};

/// Ordered by role: `initiator` has the smaller identity.
struct Pair {
    explicit Pair(std::string_view name = "pair") : Pair(std::string(name) + " one", std::string(name) + " two") {}
    Pair(const std::string& one, const std::string& two)
        : initiator(Person(one).who() < Person(two).who() ? one : two),
          responder(Person(one).who() < Person(two).who() ? two : one) {}

    Context from_initiator() const {
        return {room, initiator.identity, responder.who(), initiator.card, responder.card};
    }
    Context from_responder() const {
        return {room, responder.identity, initiator.who(), responder.card, initiator.card};
    }

    Person initiator;
    Person responder;
    RoomId room{FixedBytes<32>{7}};
};

}  // namespace parley::ratchet::testing
