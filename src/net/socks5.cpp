#include "net/socks5.h"

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/connect_tcp.h"
#include "net/deadline.h"
#include "net/random.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Tor may have to build a way first.
constexpr auto proxy_deadline = std::chrono::seconds(60);

constexpr std::uint8_t version = 5;
constexpr std::uint8_t no_authentication = 0;
constexpr std::uint8_t name_and_password = 2;
constexpr std::uint8_t connect_command = 1;
constexpr std::uint8_t ipv4_kind = 1;
constexpr std::uint8_t name_kind = 3;
constexpr std::uint8_t ipv6_kind = 4;

constexpr auto no_proxy = "what answers at the proxy's address is no SOCKS5 proxy, or wants a password";

/// What a proxy says with its reply (RFC 1928 section 6).
std::string_view refusal(std::uint8_t reply) {
    switch (reply) {
        case 2: return "the proxy does not allow this connection";
        case 3: return "the proxy cannot reach the relay's network";
        case 4: return "the proxy cannot find or reach the relay's machine: check the address";
        case 5: return "nobody answers at this address, says the proxy: is the relay running?";
        case 6: return "the relay did not answer the proxy in time";
        default: return "the proxy could not connect to the relay";
    }
}

class Negotiation {
public:
    explicit Negotiation(tcp::socket& socket) : socket_(socket) {}

    asio::awaitable<Status> run(Bytes request) {
        auto greeted = co_await greet();
        if (!greeted) co_return greeted;
        const bool sent = co_await write(std::move(request));
        if (!sent) co_return fail(Errc::unreachable, "the proxy ended the connection");
        auto connected = co_await read_reply();
        co_return connected;
    }

private:
    asio::awaitable<Status> greet() {
        Bytes methods{version, 2, no_authentication, name_and_password};
        const bool greeted = co_await write(std::move(methods));
        const auto chosen = co_await read(greeted ? 2 : 0);
        if (chosen.size() != 2 || chosen[0] != version) co_return fail(Errc::unreachable, no_proxy);
        if (chosen[1] == no_authentication) co_return Status{};
        if (chosen[1] != name_and_password) co_return fail(Errc::unreachable, no_proxy);
        auto done = co_await show_a_fresh_name();
        co_return done;
    }

    /// RFC 1929. To Tor it is no secret but a wish: connections under different names take different ways, so that
    /// nobody sees from the way that two rooms are one person's.
    asio::awaitable<Status> show_a_fresh_name() {
        KernelRandom random;
        const auto name = to_hex(random.bytes<16>());
        Bytes message{1, static_cast<std::uint8_t>(name.size())};
        append(message, bytes_of(name));
        message.insert(message.end(), {1, '-'});
        const bool sent = co_await write(std::move(message));
        const auto answer = co_await read(sent ? 2 : 0);
        if (answer.size() != 2 || answer[1] != 0) co_return fail(Errc::unreachable, no_proxy);
        co_return Status{};
    }

    asio::awaitable<Status> read_reply() {
        const auto head = co_await read(4);
        if (head.size() != 4 || head[0] != version) co_return fail(Errc::unreachable, no_proxy);
        if (head[1] != 0) co_return fail(Errc::unreachable, refusal(head[1]));
        std::size_t address = head[3] == ipv4_kind ? 4 : 16;
        if (head[3] == name_kind) {
            const auto size = co_await read(1);
            if (size.size() != 1) co_return fail(Errc::unreachable, no_proxy);
            address = size[0];
        }
        const auto rest = co_await read(address + 2);
        if (rest.size() != address + 2) co_return fail(Errc::unreachable, no_proxy);
        co_return Status{};
    }

    asio::awaitable<bool> write(Bytes bytes) {
        error_code error;
        const auto buffer = asio::buffer(bytes);
        co_await asio::async_write(socket_, buffer, asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }
    /// Fewer when the connection ended.
    asio::awaitable<Bytes> read(std::size_t size) {
        Bytes bytes(size);
        error_code error;
        const auto buffer = asio::buffer(bytes);
        const auto got = co_await asio::async_read(socket_, buffer, asio::redirect_error(asio::use_awaitable, error));
        bytes.resize(got);
        co_return bytes;
    }

    tcp::socket& socket_;
};

}  // namespace

Result<Bytes> socks5_request(const std::string& host, std::uint16_t port) {
    Bytes request{version, connect_command, 0};
    error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (no_address) {
        if (host.size() > 255) return fail(Errc::bad_input, "a name this long cannot be asked of a proxy");
        request.insert(request.end(), {name_kind, static_cast<std::uint8_t>(host.size())});
        append(request, bytes_of(host));
    } else if (address.is_v4()) {
        request.push_back(ipv4_kind);
        append(request, address.to_v4().to_bytes());
    } else {
        request.push_back(ipv6_kind);
        append(request, address.to_v6().to_bytes());
    }
    request.insert(request.end(), {static_cast<std::uint8_t>(port >> 8U), static_cast<std::uint8_t>(port)});
    return request;
}

asio::awaitable<Result<tcp::socket>> connect_through(Proxy proxy, std::string host, std::uint16_t port) {
    auto request = socks5_request(host, port);
    if (!request) co_return std::unexpected(request.error());
    auto socket = co_await connect_tcp(proxy.host, proxy.port);
    if (!socket) co_return fail(Errc::unreachable, "the proxy does not answer: is it running?");
    const Deadline deadline(socket->get_executor(), proxy_deadline, [&socket] {
        error_code ignored;
        socket->close(ignored);
    });
    const auto done = co_await Negotiation(*socket).run(std::move(*request));
    if (deadline.passed()) co_return fail(Errc::unreachable, "the proxy did not connect to the relay in time");
    if (!done) co_return std::unexpected(done.error());
    co_return std::move(*socket);
}

}  // namespace parley::net
