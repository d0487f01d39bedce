#include "net/tcp.h"

#include <sys/socket.h>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int listen_backlog = 1024;

class TcpTransport final : public Transport {
public:
    explicit TcpTransport(TcpSocket socket) : socket_(std::move(socket)) {}

    asio::awaitable<bool> wait_readable() override { return socket_.wait_readable(); }
    asio::awaitable<bool> wait_writable() override { return socket_.wait_writable(); }

    Result<std::size_t> read_some(MutableBytes into) override { return socket_.read_some(into); }
    Result<std::size_t> write_some(std::span<const asio::const_buffer> from) override {
        return socket_.write_some(from);
    }

    std::optional<int> watchable() override { return socket_.leave_asio(); }
    void close() override { socket_.close(); }
    TransportPtr detach() override {
        socket_.leave_asio();
        return std::make_unique<TcpTransport>(std::move(socket_));
    }

private:
    TcpSocket socket_;
};

Error listen_error(const error_code& error) {
    if (error == asio::error::address_in_use) return {Errc::unreachable, "this address is in use by another program"};
    if (error == asio::error::access_denied)
        return {Errc::unreachable, "this port needs more rights: choose one above 1023"};
    return {Errc::unreachable, "this machine has no such address to listen on"};
}

}  // namespace

TransportPtr make_tcp_transport(tcp::socket socket) { return make_tcp_transport(TcpSocket(std::move(socket))); }
TransportPtr make_tcp_transport(TcpSocket socket) { return std::make_unique<TcpTransport>(std::move(socket)); }

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
