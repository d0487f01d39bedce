#include "net/tcp.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int user_timeout_ms = 15'000;
constexpr int listen_backlog = 1024;

class TcpTransport final : public Transport {
public:
    explicit TcpTransport(tcp::socket socket) : socket_(std::move(socket)) {
        error_code ignored;  // on a connection that has just died, the next read says so
        socket_.non_blocking(true, ignored);
        socket_.set_option(tcp::no_delay(true), ignored);
        ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
    }

    asio::awaitable<bool> wait_readable() override { return wait(tcp::socket::wait_read); }
    asio::awaitable<bool> wait_writable() override { return wait(tcp::socket::wait_write); }

    Result<std::size_t> read_some(MutableBytes into) override {
        error_code error;
        const auto size = socket_.read_some(asio::buffer(into.data(), into.size()), error);
        return outcome(size, error);
    }
    Result<std::size_t> write_some(std::span<const asio::const_buffer> from) override {
        error_code error;
        const auto size = socket_.write_some(from, error);
        return outcome(size, error);
    }

    void close() override {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }
    int release() override {
        error_code ignored;
        return socket_.release(ignored);
    }

private:
    asio::awaitable<bool> wait(tcp::socket::wait_type what) {
        error_code error;
        co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }
    static Result<std::size_t> outcome(std::size_t size, const error_code& error) {
        if (!error) return size;
        const bool later = error == asio::error::would_block || error == asio::error::try_again ||
                           error == asio::error::interrupted || error == asio::error::no_buffer_space;
        if (later) return std::size_t{0};
        return fail(Errc::closed, "the connection was closed");
    }

    tcp::socket socket_;
};

Error listen_error(const error_code& error) {
    if (error == asio::error::address_in_use) return {Errc::unreachable, "this address is in use by another program"};
    if (error == asio::error::access_denied)
        return {Errc::unreachable, "this port needs more rights: choose one above 1023"};
    return {Errc::unreachable, "this machine has no such address to listen on"};
}

}  // namespace

std::unique_ptr<Transport> make_tcp_transport(tcp::socket socket) {
    return std::make_unique<TcpTransport>(std::move(socket));
}

Result<std::unique_ptr<Transport>> adopt_tcp_transport(asio::any_io_executor executor, int descriptor) {
    tcp::socket socket(executor);
    error_code error;
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
    socket.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, error);
    if (error) return fail(Errc::closed, "the connection was closed");
    return make_tcp_transport(std::move(socket));
}

asio::awaitable<Result<std::unique_ptr<Transport>>> connect_tcp(std::string host, std::uint16_t port) {
    const auto executor = co_await asio::this_coro::executor;
    error_code error;
    tcp::resolver resolver(executor);
    const auto service = std::to_string(port);
    const auto found = co_await resolver.async_resolve(host, service, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return fail(Errc::unreachable, "no machine of this name: check the address");
    for (const auto& entry : found) {
        tcp::socket socket(executor);
        const auto endpoint = entry.endpoint();
        co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
        if (!error) co_return make_tcp_transport(std::move(socket));
    }
    co_return fail(Errc::unreachable, "nobody answers at this address: is the relay running?");
}

Result<tcp::acceptor> listen_tcp(asio::any_io_executor executor, const std::string& host, std::uint16_t port,
                                 bool shared) {
    error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) return fail(Errc::bad_input, "listen on an address such as 127.0.0.1:5555 or [::1]:5555, not on a name");
    tcp::acceptor acceptor(executor);
    const tcp::endpoint endpoint(address, port);
    acceptor.open(endpoint.protocol(), error);
    if (error) return std::unexpected(listen_error(error));
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    // Otherwise Asio takes an aborted connection for an empty queue, and those behind it wait for the next one.
    acceptor.set_option(tcp::acceptor::enable_connection_aborted(true), error);
    const int on = 1;
    if (shared) ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(listen_backlog, error);
    if (error) return std::unexpected(listen_error(error));
    return acceptor;
}

bool is_loopback(const std::string& host) {
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    return host == "localhost" || (!error && address.is_loopback());
}

}  // namespace parley::net
