// On which of many sockets something came: one object of the kernel's for all of a loop, so that an idle connection
// costs no coroutine, and one that is woken no call but the one that reads.
//
// Each arrival is named once (EPOLLET): otherwise the kernel would ask every socket a second time whether it was read.
// Whoever leaves something unread has to come back by itself.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <span>

namespace parley::net {

class Readiness {
public:
    explicit Readiness(const boost::asio::any_io_executor& executor);

    /// Until it is closed or forgotten. The name comes out of take() when something can be read already, and whenever
    /// something comes. False where the system has no memory for it.
    bool watch(int descriptor, std::uint32_t name);
    void forget(int descriptor);

    /// Until one of them is to be named, or wake() is called.
    boost::asio::awaitable<void> wait();
    /// Ends a wait that is going on.
    void wake();
    bool any();
    struct Arrival {
        std::uint32_t name;
        bool last;  ///< the other end says nothing more: who has read what is there has yet to read the end
    };
    /// Some at a time, without waiting; the others' turn comes with the next call.
    std::span<const Arrival> take();

private:
    static constexpr std::size_t at_a_time = 256;

    boost::asio::posix::stream_descriptor epoll_;
    bool is_waited_for_ = false;
    std::array<epoll_event, at_a_time> events_{};
    std::array<Arrival, at_a_time> arrivals_{};
};

}  // namespace parley::net
