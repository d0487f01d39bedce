#include "net/dial.h"

#include "net/connect_tcp.h"
#include "net/tcp.h"
#include "net/tls_context.h"
#include "net/websocket.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<Result<tcp::socket>> connect_to(const Target& target) {
    if (target.proxy) {
        auto through = co_await connect_through(*target.proxy, target.host, target.port);
        co_return through;
    }
    auto direct = co_await connect_tcp(target.host, target.port);
    co_return direct;
}

/// What a browser would call the place.
std::string web_host(const Target& target) {
    const bool ipv6 = target.host.contains(':');
    return (ipv6 ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port);
}

}  // namespace

asio::awaitable<Result<TransportPtr>> dial(Target target) {
    auto socket = co_await connect_to(target);
    if (!socket) co_return std::unexpected(socket.error());
    TransportPtr transport;
    bool web = target.web;
    if (target.trust) {
        const auto offer = web ? Offer::web : Offer::frames_or_web;
        auto secured = co_await start_tls(std::move(*socket), target.host, *target.trust, offer);
        if (!secured) co_return std::unexpected(secured.error());
        web = web || (*secured)->protocol() == web_protocol;  // a web server stands in front
        transport = std::move(*secured);
    } else {
        transport = make_tcp_transport(std::move(*socket));
    }
    if (!web) co_return std::move(transport);
    auto upgraded = co_await connect_web(std::move(transport), web_host(target));
    co_return upgraded;
}

}  // namespace parley::net
