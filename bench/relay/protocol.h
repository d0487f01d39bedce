// What differs between relays: how a seat joins, how a message is posted, and what comes back. An adapter
// is one of these; everything else of the load generator is the same for all.
//
// In a room of two each seat speaks to the other. In a larger room seat 0 speaks to all others.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::bench {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// One connection's place, with the numbers that a protocol counts for it.
struct Seat {
    std::uint32_t room = 0;
    std::uint32_t number = 0;
    bool ready = false;          ///< has joined: what others say reaches it
    std::uint64_t last_id = 0;   ///< of what it has posted
    std::uint64_t last_seq = 0;  ///< of what it has received
    std::size_t unanswered = 0;  ///< bytes of that, where the protocol answers
};

struct Taken {
    std::size_t bytes = 0;     ///< of whole units, which were taken
    std::size_t messages = 0;  ///< posted by others and found in them
};

class Protocol {
public:
    Protocol() = default;
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;
    virtual ~Protocol() = default;

    virtual void join(const Seat& seat, Bytes& out) = 0;
    virtual void post(Seat& seat, std::size_t messages, Bytes& out) = 0;
    /// Takes whole units from the front; sets `ready` when the seat has joined. Throws when the relay
    /// refuses something: such a figure would be none.
    virtual Taken take(Seat& seat, View bytes) = 0;
    /// What the protocol answers by itself: after a read, at once.
    virtual void answer(Seat&, const Taken&, Bytes&) {}
    /// What may wait so long, or until something else leaves.
    virtual void answer_late(Seat&, Bytes&) {}
    virtual std::chrono::nanoseconds patience() const { return {}; }
};

/// Where a seat listens and where it speaks, for relays that know topics: 0 is the first seat's own.
inline unsigned listens(const Seat& seat) { return seat.number == 0 ? 0 : 1; }
inline unsigned speaks(const Seat& seat) { return seat.number == 0 ? 1 : 0; }
std::string topic(const Seat& seat, unsigned side);

inline void put(std::string_view text, Bytes& out) { out.insert(out.end(), text.begin(), text.end()); }
inline void put(View bytes, Bytes& out) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::unique_ptr<Protocol> make_forwarder(std::size_t body_size);
std::unique_ptr<Protocol> make_parley(std::size_t body_size, std::uint32_t seats_per_room);
std::unique_ptr<Protocol> make_nats(std::size_t body_size);
std::unique_ptr<Protocol> make_redis(std::size_t body_size);
std::unique_ptr<Protocol> make_mqtt(std::size_t body_size);

}  // namespace parley::bench
