// A connected TCP socket as every transport uses it: set up, waited on, carried to another loop.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace parley::net {

class TcpSocket {
public:
    /// No delay, no blocking, and an end after 15 s in which the other side acknowledges nothing (RELAY, keep-alive).
    explicit TcpSocket(boost::asio::ip::tcp::socket socket);

    boost::asio::awaitable<bool> wait_readable() { return wait(boost::asio::socket_base::wait_read); }
    boost::asio::awaitable<bool> wait_writable() { return wait(boost::asio::socket_base::wait_write); }

    bool is_open() const { return socket_.is_open(); }
    void close();
    boost::asio::any_io_executor executor() { return socket_.get_executor(); }
    boost::asio::ip::tcp::socket& asio() { return socket_; }

    /// A socket between two loops. Whoever drops it closes it.
    class Detached {
    public:
        explicit Detached(int descriptor) : descriptor_(descriptor) {}
        Detached(Detached&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
        Detached& operator=(Detached&&) = delete;
        ~Detached();
        TcpSocket attach(const boost::asio::any_io_executor& executor) &&;

    private:
        int descriptor_;
    };
    Detached detach();

private:
    boost::asio::awaitable<bool> wait(boost::asio::socket_base::wait_type what);

    boost::asio::ip::tcp::socket socket_;
};

}  // namespace parley::net
