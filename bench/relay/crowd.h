// All seats of a workload, each on a connection of its own, driven by one thread: reads what is there, takes
// it apart, tells the workload, and writes once for each connection and turn.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <deque>
#include <functional>

#include "carrier.h"
#include "protocol.h"

namespace parley::bench {

using Clock = std::chrono::steady_clock;

struct Shape {
    std::uint32_t rooms = 1;
    std::uint32_t seats_per_room = 2;
};

class Crowd {
public:
    /// Connects and joins everybody, a few at a time. Throws when somebody cannot.
    Crowd(Protocol& protocol, const Carry& carry, std::uint16_t port, const Shape& shape);
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    ~Crowd();

    std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
    /// Spins instead of sleeping, so that its own waking up is not measured.
    void keep_awake() { patience_ = 0; }

    /// Written at the end of the turn.
    void post(std::uint32_t place, std::size_t messages);
    /// Writes, waits for what comes and reads it. Throws when nothing comes for long: messages were lost.
    void turn(const std::function<void(std::uint32_t place, std::size_t messages)>& on_messages);

private:
    struct Place {
        std::unique_ptr<Carrier> carrier;
        Seat seat;
        Bytes begun;  ///< a unit that has begun
        Bytes out;
        bool listed = false;   ///< among those to write
        bool blocked = false;  ///< the socket takes no more for now
        bool owing = false;    ///< among those that owe an answer
        Clock::time_point answer_by;
    };
    struct Owed {
        Clock::time_point by;
        std::uint32_t place;
    };

    void connect(std::uint32_t place, const Carry& carry, std::uint16_t port);
    void join_all();
    std::size_t read(Place& place);
    void has_output(std::uint32_t place);
    void write_all();
    void write(std::uint32_t place);
    void watch(std::uint32_t place, std::uint32_t what, int how);
    void owe(std::uint32_t place);
    void answer_the_owed();
    std::span<const epoll_event> wait();

    Protocol& protocol_;
    const int epoll_;
    int patience_ = 100;  ///< milliseconds
    Clock::time_point heard_ = Clock::now();
    std::vector<Place> places_;
    std::vector<std::uint32_t> to_write_;
    std::deque<Owed> owed_;  ///< those who have waited longest in front
    Bytes buffer_;
    std::array<epoll_event, 256> events_{};
};

}  // namespace parley::bench
