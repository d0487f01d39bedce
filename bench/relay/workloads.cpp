#include "workloads.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "loopback.h"

namespace parley::bench {
namespace {

using Seconds = std::chrono::duration<double>;
using Micros = std::chrono::duration<double, std::micro>;

constexpr double quick_enough_us = 10'000;  // RELAY W3: p99 of a message

/// Counts from the end of the warming up on.
class Meter {
public:
    Meter(const Load& load, const Server& server)
        : server_(server), begin_(Clock::now() + load.warm_up), end_(begin_ + load.time) {}

    /// False when the time is over.
    bool running() {
        const auto now = Clock::now();
        if (!cpu_before_ && now >= begin_) {
            begin_ = now;
            cpu_before_ = server_.cpu();
            figures_.messages = 0;
            times_.clear();
        }
        return now < end_;
    }
    void count(std::size_t messages) { figures_.messages += static_cast<double>(messages); }
    void took(Clock::duration time) { times_.push_back(Micros(time).count()); }

    Figures figures() {
        figures_.server_cpu = server_.cpu() - *cpu_before_;
        figures_.seconds = Seconds(Clock::now() - begin_).count();
        std::ranges::sort(times_);
        if (!times_.empty()) {
            figures_.p50_us = times_[times_.size() / 2];
            figures_.p99_us = times_[times_.size() * 99 / 100];
        }
        return figures_;
    }

private:
    const Server& server_;
    Clock::time_point begin_, end_;
    std::optional<std::chrono::nanoseconds> cpu_before_;
    std::vector<double> times_;
    Figures figures_;
};

/// Ping-pong in so many rooms at a time, taking turns: when one ends, the room that has waited longest begins.
Figures pingpong(const Load& load, Crowd& crowd, const Server& server, std::uint32_t in_flight) {
    const auto rooms = crowd.size() / 2;
    std::vector<Clock::time_point> begun(rooms);
    std::deque<std::uint32_t> waiting(rooms);
    std::iota(waiting.begin(), waiting.end(), 0U);
    const auto begin_next = [&] {
        const auto room = waiting.front();
        waiting.pop_front();
        begun[room] = Clock::now();
        crowd.post(2 * room, 1);
    };
    Meter meter(load, server);
    for (std::uint32_t i = 0; i < in_flight; ++i) begin_next();
    std::uint32_t on_their_way = in_flight;
    bool running = true;
    const auto on_messages = [&](std::uint32_t place, std::size_t messages) {
        meter.count(messages);
        if (place % 2 == 1) return crowd.post(place, messages);
        meter.took(Clock::now() - begun[place / 2]);
        waiting.push_back(place / 2);
        if (running) begin_next();
        else --on_their_way;
    };
    for (; running; running = meter.running()) crowd.turn(on_messages);
    auto figures = meter.figures();
    while (on_their_way > 0) crowd.turn(on_messages);
    figures.in_flight = in_flight;
    return figures;
}

/// The most on their way, from all rooms down by halves, with which nearly all messages are quick.
Figures pairs(const Load& load, Crowd& crowd, const Server& server) {
    auto in_flight = load.count;
    while (true) {
        auto figures = pingpong(load, crowd, server, in_flight);
        // There and back are two messages.
        if (!figures.p99_us || *figures.p99_us / 2 < quick_enough_us || in_flight == 1) return figures;
        in_flight /= 2;
    }
}

Figures stream(const Load& load, Crowd& crowd, const Server& server) {
    Meter meter(load, server);
    crowd.post(0, load.in_flight);
    do {
        crowd.turn([&](std::uint32_t, std::size_t messages) {
            meter.count(messages);
            crowd.post(0, messages);
        });
    } while (meter.running());
    return meter.figures();
}

/// A message has arrived when the last seat has it.
Figures fanout(const Load& load, Crowd& crowd, const Server& server) {
    const auto readers = crowd.size() - 1;
    std::vector<std::uint64_t> received(crowd.size());
    std::vector<std::uint32_t> missing(load.in_flight, readers);  // of each on its way, by its number
    Meter meter(load, server);
    crowd.post(0, load.in_flight);
    do {
        std::size_t arrived = 0;
        crowd.turn([&](std::uint32_t place, std::size_t messages) {
            meter.count(messages);
            for (; messages > 0; --messages) {
                auto& left = missing[received[place]++ % load.in_flight];
                if (--left == 0) left = readers, ++arrived;
            }
        });
        if (arrived > 0) crowd.post(0, arrived);
    } while (meter.running());
    return meter.figures();
}

Figures idle(const Load& load, Protocol& protocol, const Carry& carry, const Server& server, std::uint16_t port) {
    const Crowd first(protocol, carry, port, Shape{8, 2});
    const auto before = server.resident();
    const Crowd crowd(protocol, carry, port, shape_of(load));
    std::this_thread::sleep_for(load.time);
    Figures figures;
    figures.bytes_each = static_cast<double>(server.resident() - before) / crowd.size();
    return figures;
}

/// A message is a connection here.
Figures handshakes(const Load& load, const Carry& carry, const Server& server, std::uint16_t port) {
    Meter meter(load, server);
    do {
        carry(connect_to_loopback(port));
        meter.count(1);
    } while (meter.running());
    return meter.figures();
}

}  // namespace

Shape shape_of(const Load& load) {
    if (load.workload == "pairs") return {load.count, 2};
    if (load.workload == "idle") return {load.count / 2, 2};
    if (load.workload == "fanout") return {1, load.count + 1};
    return {1, 2};
}

Figures run(const Load& load, Protocol& protocol, const Carry& carry, const Server& server, std::uint16_t port) {
    if (load.workload == "idle") return idle(load, protocol, carry, server, port);
    if (load.workload == "handshakes") return handshakes(load, carry, server, port);
    Crowd crowd(protocol, carry, port, shape_of(load));
    if (load.awake) crowd.keep_awake();
    if (load.workload == "pingpong") return pingpong(load, crowd, server, 1);
    if (load.workload == "pairs") return pairs(load, crowd, server);
    if (load.workload == "stream") return stream(load, crowd, server);
    if (load.workload == "fanout") return fanout(load, crowd, server);
    throw std::runtime_error("no workload of this name");
}

}  // namespace parley::bench
