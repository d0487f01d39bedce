// A connected TCP socket as every transport uses it: set up, waited on, carried to another loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

namespace parley::net {

/// RELAY, keep-alive: so long the other side may acknowledge nothing of what was sent.
inline constexpr Duration usual_user_timeout = std::chrono::seconds(15);

class TcpSocket {
public:
    /// No delay, no blocking, and an end where nobody acknowledges (FAULTS O14).
    explicit TcpSocket(boost::asio::ip::tcp::socket socket, Duration user_timeout = usual_user_timeout);
    /// One that is set up already.
    explicit TcpSocket(int descriptor);
    /// After leave_asio(), also to another loop.
    TcpSocket(TcpSocket&& other) noexcept;
    TcpSocket& operator=(TcpSocket&&) = delete;
    ~TcpSocket() { close(); }

    boost::asio::awaitable<bool> wait_readable() { return wait(boost::asio::posix::descriptor_base::wait_read); }
    boost::asio::awaitable<bool> wait_writable() { return wait(boost::asio::posix::descriptor_base::wait_write); }
    /// For a loop that waits by its own means: Asio has nothing to do with the socket until the next wait here.
    int leave_asio();

    /// As those of a Transport.
    Result<std::size_t> read_some(MutableBytes into);
    Result<std::size_t> write_some(std::span<const boost::asio::const_buffer> from);

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    void close();

private:
    using Waits = boost::asio::posix::stream_descriptor;

    boost::asio::awaitable<bool> wait(Waits::wait_type what);

    int descriptor_;
    std::unique_ptr<Waits> waits_;  ///< since the first wait; it then owns the descriptor as well
};

}  // namespace parley::net
