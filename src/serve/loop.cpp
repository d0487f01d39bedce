#include "serve/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "base/ensure.h"
#include "net/coroutine.h"
#include "net/process.h"
#include "net/proxy.h"
#include "net/tcp.h"

namespace parley::serve {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto answer_deadline = std::chrono::seconds(1);
constexpr auto accept_pause = std::chrono::milliseconds(100);

/// Of a kind that needs no file: those are out of reach by then.
int open_reserve() { return ::eventfd(0, EFD_CLOEXEC); }

/// Who refuses us has done nothing wrong: there may be another key here than the one that it was told of.
relay::Offence offence_of(const Error& in_handshake) {
    return in_handshake == Errc::refused ? relay::Offence::none : relay::Offence::protocol_error;
}

bool out_of_descriptors(const error_code& error) {
    return error == asio::error::no_descriptors || error.value() == ENFILE || error.value() == ENOBUFS ||
           error.value() == ENOMEM;
}

}  // namespace

Loop::Loop(const relay::Limits& limits, Gate& gate, Duration spin)
    : limits_(limits),
      spin_(spin),
      gate_(gate),
      context_(1),
      core_(limits_, random_),
      reserve_descriptor_(open_reserve()),
      readiness_(context_.get_executor()),
      timer_(context_),
      trim_timer_(context_),
      forget_timer_(context_),
      drain_timer_(context_) {}

Loop::~Loop() {
    end();
    // Bodies that still wait go back to the core's pool before it ends.
    for (const auto& connection : connections_) {
        if (connection) connection->abandon();
    }
    if (reserve_descriptor_ >= 0) ::close(reserve_descriptor_);
}

void Loop::know(const std::vector<std::unique_ptr<Loop>>& loops) {
    for (const auto& loop : loops) loops_.push_back(loop.get());
}

Result<std::uint16_t> Loop::listen(const Address& address, const net::Reception& reception, bool shared) {
    auto acceptor = net::listen_tcp(context_.get_executor(), address.host, address.port, shared);
    if (!acceptor) return std::unexpected(acceptor.error());
    listeners_.push_back(std::make_unique<Listener>(std::move(*acceptor), reception));
    asio::co_spawn(context_, accept(*listeners_.back()), net::rethrow);
    return listeners_.back()->acceptor.local_endpoint().port();
}

void Loop::run() {
    asio::co_spawn(context_, read_watched(), net::rethrow);
    thread_ = std::thread([this] {
        const auto working = asio::make_work_guard(context_);
        try {
            context_.run();
        } catch (const std::exception& failure) {
            // Half of something was done: nobody is served from a room that may be wrong.
            stop_process(failure.what());
        }
    });
}

void Loop::join() {
    if (thread_.joinable()) thread_.join();
}

void Loop::end() {
    asio::post(context_, [this] { context_.stop(); });
    join();
}

void Loop::drain() {
    asio::post(context_, [this] { begin_drain(); });
}

std::optional<Counts> Loop::counts() {
    const auto promise = std::make_shared<std::promise<Counts>>();
    auto answer = promise->get_future();
    asio::post(context_, [this, promise] {
        auto counts = counts_;
        counts.connections = static_cast<std::uint64_t>(
            std::ranges::count_if(connections_, [](const auto& it) { return it != nullptr; }));
        counts.rooms = core_.rooms();
        counts.blocks = core_.payloads();
        counts.charged = core_.charged();
        counts.refused = core_.refusals();
        promise->set_value(counts);
    });
    if (answer.wait_for(answer_deadline) != std::future_status::ready) return std::nullopt;
    return answer.get();
}

asio::awaitable<void> Loop::accept(Listener& listener) {
    while (listener.acceptor.is_open()) {
        error_code error;
        auto socket = co_await listener.acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (!error) {
            if (handshakes_ < limits_.handshakes) meet(listener, std::move(socket));
            wipe_stack();  // of its address
        } else if (out_of_descriptors(error)) {
            co_await pause_accepting();
        } else if (error == asio::error::operation_aborted) {
            co_return;
        }
    }
}

void Loop::meet(const Listener& listener, tcp::socket socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error).address();
    if (error) return;
    if (!gate_.is_proxy(peer)) return admit(listener, std::move(socket), peer);
    if (net::has_web(listener.reception.scheme)) {
        asio::co_spawn(context_, receive_forwarded(listener, std::move(socket)), net::rethrow);
        return;
    }
    asio::co_spawn(context_, meet_proxy(listener, std::make_shared<tcp::socket>(std::move(socket))), net::rethrow);
}

/// Who is trusted to speak for others and does not say for whom is not believed.
asio::awaitable<void> Loop::meet_proxy(const Listener& listener, std::shared_ptr<tcp::socket> socket) {
    ++handshakes_;
    const auto client = co_await net::read_proxy_header(socket, limits_.length_deadline);
    --handshakes_;
    error_code error;
    const auto proxy = socket->remote_endpoint(error).address();
    if (client && !error) admit(listener, std::move(*socket), client->value_or(proxy));
    wipe_stack();
}

/// A proxy of WebSocket says it in its request, so that the gate is asked only then.
asio::awaitable<void> Loop::receive_forwarded(const Listener& listener, tcp::socket socket) {
    ++handshakes_;
    auto received = co_await net::receive(std::move(socket), listener.reception);
    --handshakes_;
    if (!received) co_return;
    const auto client = net::forwarded_for(received->forwarded_for, gate_.proxies());
    if (!client) co_return;
    auto pass = gate_.knock(*client, net::now());
    if (!pass) co_return;
    auto connection = add(std::move(received->transport), std::move(*pass));
    end_turn();
    begin(connection);
}

/// The gate is asked before anything is spent on the connection.
void Loop::admit(const Listener& listener, tcp::socket socket, const asio::ip::address& from) {
    auto pass = gate_.knock(from, net::now());
    if (pass) {
        asio::co_spawn(context_, receive(listener, std::move(socket), std::move(*pass)), net::rethrow);
    } else if (listener.reception.scheme == net::Scheme::tcp) {
        turn_away(std::move(socket));
    }
}

/// Who is still in a handshake is no connection yet: the core hears of it when frames can come.
asio::awaitable<void> Loop::receive(const Listener& listener, tcp::socket socket, Pass pass) {
    ++handshakes_;
    auto received = co_await net::receive(std::move(socket), listener.reception);
    --handshakes_;
    if (!received) co_return pass.offend(offence_of(received.error()));
    auto connection = add(std::move(received->transport), std::move(pass));
    end_turn();
    begin(connection);
}

/// Without a descriptor left, the waiting connection would wake the loop for ever: the reserve takes
/// it in and closes it, and new ones wait a moment.
asio::awaitable<void> Loop::pause_accepting() {
    ::close(reserve_descriptor_);
    error_code ignored;
    for (auto& listener : listeners_) {
        const int refused =
            ::accept4(listener->acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (refused >= 0) ::close(refused);
    }
    reserve_descriptor_ = open_reserve();
    asio::steady_timer pause(context_, accept_pause);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

ConnectionPtr Loop::add(net::TransportPtr transport, Pass pass, Arrival arrival) {
    const auto id = core_.on_connect(net::now(), arrival);
    ConnectionPtr connection(new Connection(std::move(transport), id, std::move(pass)));
    if (connections_.size() <= id) connections_.resize(id + 1);
    connections_[id] = connection;
    return connection;
}

void Loop::adopt(net::TransportPtr transport, Bytes received, Pass pass) {
    auto connection = add(std::move(transport), std::move(pass), Arrival::handed_over);
    now_ = net::now();
    frames_read_ = 0;
    const auto handled = on_piece(*connection, received);
    counts_.bytes_in += received.size();
    counts_.frames_in += frames_read_;
    if (!handled) core_.on_bad_frame(connection->id(), net::now());
    end_turn();
    begin(connection);
}

}  // namespace parley::serve
