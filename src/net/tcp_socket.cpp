#include "net/tcp_socket.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int user_timeout_ms = 15'000;

tcp protocol_of(int descriptor) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
    return address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
}

}  // namespace

TcpSocket::TcpSocket(tcp::socket socket) : socket_(std::move(socket)) {
    error_code ignored;  // on a connection that has just died, the next read says so
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
}

asio::awaitable<bool> TcpSocket::wait(tcp::socket::wait_type what) {
    error_code error;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
}

void TcpSocket::close() {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

TcpSocket::Detached TcpSocket::detach() {
    error_code ignored;
    return Detached(socket_.is_open() ? socket_.release(ignored) : -1);
}

TcpSocket::Detached::~Detached() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

/// A socket that cannot be taken in is closed, and so is what is made of it: its next read says so.
TcpSocket TcpSocket::Detached::attach(const asio::any_io_executor& executor) && {
    tcp::socket socket(executor);
    error_code error;
    if (descriptor_ >= 0) socket.assign(protocol_of(descriptor_), descriptor_, error);
    if (!error) descriptor_ = -1;
    return TcpSocket(std::move(socket));
}

}  // namespace parley::net
