// Which of many sockets can be read now: one object of the kernel's for all of a loop, so that an idle connection
// costs no coroutine, and one that is woken no call but the one that reads.
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

    /// Until it is closed or forgotten. The name comes out of take() whenever something can be read. False where the
    /// system has no memory for it.
    bool watch(int descriptor, std::uint32_t name);
    void forget(int descriptor);

    /// Until one of them can be read.
    boost::asio::awaitable<void> wait();
    bool any();
    /// Those that can be read now, some at a time, without waiting; the others' turn comes with the next call.
    std::span<const std::uint32_t> take();

private:
    static constexpr std::size_t at_a_time = 256;

    boost::asio::posix::stream_descriptor epoll_;
    std::array<epoll_event, at_a_time> events_{};
    std::array<std::uint32_t, at_a_time> names_{};
};

}  // namespace parley::net
