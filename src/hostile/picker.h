// Which sealed messages an attack takes: one of every few of an author for a reader, at places that the seed draws.
// The first ones pass, so that two people have a channel to attack.
#pragma once

#include <map>

#include "crypto/hash.h"
#include "hostile/look.h"

namespace parley::hostile {

/// A message on its way to a reader, told apart from others by its sealed bytes: a repetition is the same message.
struct Sighting {
    crypto::Digest256 message;
    std::size_t number;  ///< of the author's for this reader, from 0 on, repetitions not counted
    bool again;
};

/// Counts what each author sends to each reader.
class Census {
public:
    /// Sealed messages of a handshake's end and the first words about where a chain stands.
    static constexpr std::size_t beginning = 2;

    /// None for what is no sealed message, and for the beginning of a channel.
    std::optional<Sighting> see(const Passing& passing);

private:
    /// Messages remembered per reader and author: more than can be outstanding (PROTOCOL 3.7).
    static constexpr std::size_t remembered = 2'000;

    struct Lane {
        std::size_t count = 0;
        std::map<crypto::Digest256, std::size_t> numbers;
    };
    std::map<std::pair<std::size_t, SeatId>, Lane> lanes_;
};

class Picker {
public:
    enum class Repetitions { too, pass };
    Picker(std::uint64_t seed, std::size_t one_in, Repetitions repetitions)
        : seed_(seed), one_in_(one_in), repetitions_(repetitions) {}

    bool picks(const Passing& passing);

private:
    std::uint64_t seed_;
    std::size_t one_in_;
    Repetitions repetitions_;
    Census census_;
};

/// A number below `bound`, drawn from the seed for this place and no other.
std::size_t drawn(std::uint64_t seed, std::uint64_t lane, std::uint64_t place, std::size_t bound);

}  // namespace parley::hostile
