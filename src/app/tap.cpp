#include "app/tap.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/bridge.h"
#include "net/connect_tcp.h"
#include "net/coroutine.h"

namespace parley::app {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::acceptor listen_anywhere(asio::io_context& context) {
    auto acceptor = net::listen_tcp(context.get_executor(), "127.0.0.1", 0, false);
    if (!acceptor) throw std::runtime_error(std::string(acceptor.error().what));
    return std::move(*acceptor);
}

}  // namespace

Tap::Tap(asio::io_context& context, std::uint16_t relay_port, std::function<void(const Seen&)> on_frame)
    : context_(context), relay_port_(relay_port), on_frame_(std::move(on_frame)), acceptor_(listen_anywhere(context)) {
    asio::co_spawn(context_, accept(), net::rethrow);
}

bool Tap::holds(ByteView needle) const {
    return std::ranges::any_of(seen_,
                               [&](const Seen& seen) { return !std::ranges::search(seen.frame, needle).empty(); });
}

asio::awaitable<void> Tap::accept() {
    boost::system::error_code error;
    while (acceptor_.is_open()) {
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        TransportPtr client = net::make_tcp_transport(std::move(socket));
        auto connected = co_await net::connect_tcp("127.0.0.1", relay_port_);
        if (!connected) continue;
        TransportPtr relay = net::make_tcp_transport(std::move(*connected));
        const auto connection = connections_++;
        asio::co_spawn(context_, forward(client, relay, connection, Way::to_relay), net::rethrow);
        asio::co_spawn(context_, forward(relay, client, connection, Way::to_client), net::rethrow);
    }
}

asio::awaitable<void> Tap::forward(TransportPtr from, TransportPtr to, std::size_t connection, Way way) {
    wire::Stream stream;
    Bytes buffer(64U << 10U);
    while (true) {
        const bool readable = co_await from->wait_readable();
        const auto size = readable ? from->read_some(buffer) : fail(Errc::closed, "ended");
        if (!size) break;
        const auto piece = ByteView(buffer).first(*size);
        (void)stream.feed(piece, [&](ByteView frame) -> Status {
            seen_.push_back({connection, way, to_bytes(frame)});
            on_frame_(seen_.back());
            return {};
        });
        const bool written = co_await net::write_all(*to, piece);
        if (!written) break;
    }
    to->close();
    from->close();
}

}  // namespace parley::app
