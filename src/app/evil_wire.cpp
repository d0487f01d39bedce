#include "app/evil_wire.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "hostile/look.h"
#include "net/connect_tcp.h"
#include "net/coroutine.h"
#include "net/process.h"

namespace parley::app {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using hostile::Direction;

/// Bytes that wait for one end: whoever does not read is let go.
constexpr std::size_t most_unwritten = 8U << 20U;
constexpr std::size_t read_size = 64U << 10U;

tcp::acceptor listen_here(asio::io_context& context, std::uint16_t port) {
    auto acceptor = net::listen_tcp(context.get_executor(), "127.0.0.1", port, false);
    if (!acceptor) throw std::runtime_error(std::string(acceptor.error().what));
    return std::move(*acceptor);
}

}  // namespace

EvilWire::EvilWire(asio::io_context& context, std::uint16_t port, RelayPlace relay, hostile::Attack& attack, Say say)
    : context_(context),
      relay_(std::move(relay)),
      attack_(attack),
      say_(std::move(say)),
      acceptor_(listen_here(context, port)),
      timer_(context) {
    asio::co_spawn(context_, accept(), net::rethrow);
}

EvilWire::End& EvilWire::end(Link& link, Direction way) {
    return way == Direction::to_relay ? link.relay_end : link.client_end;
}

asio::awaitable<void> EvilWire::accept() {
    boost::system::error_code error;
    while (acceptor_.is_open()) {
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        asio::co_spawn(context_, connect(net::make_tcp_transport(std::move(socket))), net::rethrow);
    }
}

asio::awaitable<void> EvilWire::connect(TransportPtr client) {
    auto connected = co_await net::connect_tcp(relay_.host, relay_.port);
    if (!connected) {
        say_("no relay answers at " + relay_.host + ":" + std::to_string(relay_.port));
        client->close();
        co_return;
    }
    auto link = std::make_shared<Link>();
    link->client_end.transport = std::move(client);
    link->relay_end.transport = net::make_tcp_transport(std::move(*connected));
    asio::co_spawn(context_, read(link, Direction::to_relay), net::rethrow);
    asio::co_spawn(context_, read(link, Direction::to_client), net::rethrow);
}

/// What goes this way, which comes from the other end.
asio::awaitable<void> EvilWire::read(LinkPtr link, Direction way) {
    const auto from = end(*link, way == Direction::to_relay ? Direction::to_client : Direction::to_relay).transport;
    Bytes buffer(read_size);
    while (true) {
        const bool readable = co_await from->wait_readable();
        const auto size = readable ? from->read_some(buffer) : fail(Errc::closed, "ended");
        if (!size || !take(link, way, ByteView(buffer).first(*size))) break;
    }
    close(*link);
}

bool EvilWire::take(const LinkPtr& link, Direction way, ByteView piece) {
    auto& from = way == Direction::to_relay ? link->client_end : link->relay_end;
    const auto fed = from.stream.feed(piece, [&](ByteView frame) -> Status {
        on_frame(link, way, frame);
        return {};
    });
    return fed.has_value();
}

void EvilWire::on_frame(const LinkPtr& link, Direction way, ByteView frame) {
    if (!link->client && way == Direction::to_relay) recognise(link, frame);
    if (!link->client) return put(link, way, frame);  // nobody yet
    give(attack_.pass({*link->client, way, to_bytes(frame)}, net::now()));
    report();
    set_timer();
}

/// Clients are counted in the order in which they first joined.
void EvilWire::recognise(const LinkPtr& link, ByteView frame) {
    const auto join = hostile::read<wire::Join>({0, Direction::to_relay, to_bytes(frame)});
    if (!join) return;
    link->client = numbers_.try_emplace(join->seat, numbers_.size()).first->second;
    links_.insert_or_assign(*link->client, link);
}

void EvilWire::give(std::vector<hostile::Passing> frames) {
    for (const auto& [client, way, frame] : frames) {
        const auto link = links_.find(client);
        if (link == links_.end()) continue;
        if (frame.empty()) close(*link->second);
        else put(link->second, way, frame);
    }
}

void EvilWire::put(const LinkPtr& link, Direction way, ByteView frame) {
    auto& to = end(*link, way);
    Writer(to.unwritten).number(static_cast<std::uint32_t>(frame.size()));
    append(to.unwritten, frame);
    if (to.unwritten.size() > most_unwritten) return close(*link);
    flush(link, way);
}

void EvilWire::flush(const LinkPtr& link, Direction way) {
    auto& to = end(*link, way);
    while (!to.unwritten.empty() && !to.writing) {
        const auto piece = asio::const_buffer(to.unwritten.data(), to.unwritten.size());
        const auto written = to.transport->write_some(std::span(&piece, 1));
        if (!written) return;  // the reader finds the same
        to.unwritten.erase(to.unwritten.begin(), to.unwritten.begin() + static_cast<std::ptrdiff_t>(*written));
        if (*written > 0) continue;
        to.writing = true;
        asio::co_spawn(context_, write(link, way), net::rethrow);
    }
}

asio::awaitable<void> EvilWire::write(LinkPtr link, Direction way) {
    const auto to = end(*link, way).transport;
    const bool writable = co_await to->wait_writable();
    end(*link, way).writing = false;
    if (writable) flush(link, way);
}

void EvilWire::close(Link& link) {
    link.client_end.transport->close();
    link.relay_end.transport->close();
}

void EvilWire::cut_all() {
    for (const auto& [client, link] : links_) close(*link);
}

void EvilWire::report() {
    for (const auto& deed : attack_.take_deeds()) say_(hostile::describe(deed));
}

void EvilWire::set_timer() {
    timer_.cancel();
    const auto next = attack_.next_deadline();
    if (!next) return;
    timer_.expires_at(std::chrono::steady_clock::time_point(next->time_since_epoch()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        give(attack_.on_time(net::now()));
        set_timer();
    });
}

}  // namespace parley::app
