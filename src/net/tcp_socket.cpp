#include "net/tcp_socket.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t pieces_per_write = 128;  // of the 1,024 that Linux takes at once
/// So few bytes are put together faster than the kernel looks through a list.
constexpr std::size_t few_bytes = 1024;

int released(tcp::socket& socket) {
    error_code ignored;
    return socket.is_open() ? socket.release(ignored) : -1;
}

Result<std::size_t> outcome(ssize_t moved) {
    if (moved >= 0) return static_cast<std::size_t>(moved);
    const bool later = errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
    if (later) return std::size_t{0};
    return fail(Errc::closed, "the connection was closed");
}

}  // namespace

TcpSocket::TcpSocket(tcp::socket socket, Duration user_timeout) : TcpSocket(released(socket)) {
    // On a connection that has just died this fails, and the next read says so.
    const int on = 1;
    const auto milliseconds =
        static_cast<unsigned>(std::chrono::duration_cast<std::chrono::milliseconds>(user_timeout).count());
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

TcpSocket::TcpSocket(int descriptor) : descriptor_(descriptor) { ::fcntl(descriptor_, F_SETFL, O_NONBLOCK); }

TcpSocket::TcpSocket(TcpSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), waits_(std::move(other.waits_)) {}

asio::awaitable<bool> TcpSocket::wait(Waits::wait_type what) {
    if (!is_open()) co_return false;
    error_code error;
    if (!waits_) {
        waits_ = std::make_unique<Waits>(co_await asio::this_coro::executor);
        waits_->assign(descriptor_, error);
    }
    // What is gone by the end of the wait has failed: nothing of this socket is touched after it.
    if (!error) co_await waits_->async_wait(what, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
}

int TcpSocket::leave_asio() {
    if (waits_) waits_->release();
    waits_.reset();
    return descriptor_;
}

Result<std::size_t> TcpSocket::read_some(MutableBytes into) {
    const auto size = ::recv(descriptor_, into.data(), into.size(), 0);
    if (size == 0 && !into.empty()) return fail(Errc::closed, "the connection was closed");
    return outcome(size);
}

Result<std::size_t> TcpSocket::write_some(std::span<const asio::const_buffer> from) {
    if (from.size() == 1) return outcome(::send(descriptor_, from[0].data(), from[0].size(), MSG_NOSIGNAL));
    if (asio::buffer_size(from) <= few_bytes) {
        std::array<std::uint8_t, few_bytes> together;
        const auto size = asio::buffer_copy(asio::buffer(together), from);
        const auto moved = outcome(::send(descriptor_, together.data(), size, MSG_NOSIGNAL));
        wipe(MutableBytes(together).first(size));  // a frame may name a room
        return moved;
    }
    std::array<iovec, pieces_per_write> pieces;
    const auto count = std::min(from.size(), pieces.size());
    for (std::size_t i = 0; i < count; ++i) pieces[i] = {const_cast<void*>(from[i].data()), from[i].size()};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    return outcome(::sendmsg(descriptor_, &message, MSG_NOSIGNAL));
}

void TcpSocket::close() {
    if (!is_open()) return;
    ::shutdown(descriptor_, SHUT_RDWR);
    error_code ignored;
    if (waits_ && waits_->is_open()) waits_->close(ignored);
    else ::close(descriptor_);
    waits_.reset();
    descriptor_ = -1;
}

}  // namespace parley::net
