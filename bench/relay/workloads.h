// What is asked of a relay. Each workload is closed: so much is on its way, and a message follows when one
// has arrived.
//
//   W1 pingpong   one room of two, one message on its way: the time there and back
//   W2 stream     one room of two, one way, a window on its way
//   W3 pairs      many rooms of two, ping-pong in so many of them at a time: the rate while it stays quick
//   W4 fanout     one room, one speaks to all others
//   W5 idle       many joined connections that say nothing: memory
//   W6 handshakes connections that come and go, one after the other
#pragma once

#include <optional>

#include "crowd.h"
#include "server.h"

namespace parley::bench {

struct Load {
    std::string workload;
    std::size_t body_size = 64;
    std::uint32_t in_flight = 1;
    std::uint32_t count = 1000;  ///< rooms of W3, seats of W4, connections of W5
    std::chrono::milliseconds warm_up{300};
    std::chrono::milliseconds time{1500};
    bool awake = false;  ///< the load spins too
    std::string carrier = "tcp";
};

struct Figures {
    double messages = 0;  ///< delivered
    double seconds = 0;
    std::chrono::nanoseconds server_cpu{};
    std::optional<double> p50_us, p99_us;  ///< there and back, where it was taken
    std::optional<double> bytes_each;      ///< of an idle connection
    std::uint32_t in_flight = 0;
};

Shape shape_of(const Load& load);
Figures run(const Load& load, Protocol& protocol, const Carry& carry, const Server& server, std::uint16_t port);

}  // namespace parley::bench
