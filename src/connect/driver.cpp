#include "connect/driver.h"

#include <boost/asio/co_spawn.hpp>

#include "net/coroutine.h"
#include "net/process.h"
#include "wire/codec.h"

namespace parley::connect {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_buffer = 128U << 10U;

}  // namespace

Driver::Driver(asio::io_context& context, client::Core& core, net::Target relay, Callbacks callbacks)
    : context_(context),
      core_(core),
      relay_(std::move(relay)),
      web_only_(relay_.web),
      callbacks_(std::move(callbacks)),
      buffer_(read_buffer),
      timer_(context) {}

void Driver::start() {
    core_.start(net::now());
    run_actions();
}

void Driver::ask(const std::function<void(Time)>& something) {
    if (stopped_) return;
    something(net::now());
    run_actions();
}

void Driver::run_actions() {
    if (std::exchange(running_, true)) return;
    for (auto actions = take_actions(); !actions.empty(); actions = take_actions()) {
        for (const auto& action : actions) {
            std::visit([this](const auto& value) { run(value); }, action);
        }
        if (link_) flush(link_);
    }
    running_ = false;
    set_timer();
}

std::vector<client::Action> Driver::take_actions() {
    core_.on_line(link_ && link_->unwritten.empty());
    return core_.take_actions(net::now());
}

void Driver::run(const client::Save&) {
    // What could not be saved must not be sent: the sealed bytes would be lost with the state.
    const auto saved = callbacks_.save ? callbacks_.save() : Status{};
    save_failed_ = !saved;
    if (save_failed_) run(client::Stop{saved.error()});
}

void Driver::run(const client::Connect&) { asio::co_spawn(context_, connect(), net::rethrow); }

void Driver::run(const client::Disconnect&) {
    if (!link_) return;
    flush(link_);  // a Leave may be waiting
    link_->transport->close();
    link_.reset();
}

void Driver::run(const client::Send& send) {
    if (link_ && !save_failed_) append(link_->unwritten, send.frame);
}

void Driver::run(const client::Show& show) { callbacks_.on_event(show.event); }

void Driver::run(const client::Stop& stop) {
    if (std::exchange(stopped_, true)) return;
    timer_.cancel();
    callbacks_.on_stop(stop);
}

void Driver::run(const client::FileJob& job) {
    if (callbacks_.on_file_job) callbacks_.on_file_job(job);
}

asio::awaitable<Result<net::TransportPtr>> Driver::dial() {
    auto transport = co_await net::dial(relay_);
    const bool nobody = !transport && transport.error() == Errc::unreachable;
    if (nobody && callbacks_.on_unreachable && callbacks_.on_unreachable(transport.error())) {
        transport = co_await net::dial(relay_);
    }
    if (!transport && !way_is_known_) relay_.web = web_only_;
    co_return transport;
}

asio::awaitable<void> Driver::connect() {
    auto transport = co_await dial();
    if (stopped_) co_return;
    if (!transport) {
        core_.on_disconnected(transport.error(), net::now());
        run_actions();
        co_return;
    }
    link_ = std::make_shared<Link>();
    link_->transport = std::move(*transport);
    asio::co_spawn(context_, read(link_), net::rethrow);
    core_.on_connected(net::now());
    run_actions();
}

asio::awaitable<void> Driver::read(LinkPtr link) {
    while (link == link_) {
        const bool readable = co_await link->transport->wait_readable();
        if (link != link_) co_return;
        const auto size = readable ? read_once(*link) : fail(Errc::closed, "the connection to the relay was lost");
        if (!size) lost(link, size.error());
        run_actions();
    }
}

Result<std::size_t> Driver::read_once(Link& link) {
    const auto size = link.transport->read_some(buffer_);
    if (!size) return fail(Errc::closed, "the connection to the relay was lost");
    const auto fed = link.stream.feed(ByteView(buffer_).first(*size), [&](ByteView bytes) -> Status {
        const auto frame = wire::decode_relay(bytes);
        if (!frame) return std::unexpected(frame.error());
        way_is_known_ = true;
        core_.on_frame(*frame, net::now());
        return {};
    });
    if (!fed) return fail(Errc::not_canonical, "the relay does not speak this protocol");
    return size;
}

void Driver::lost(const LinkPtr& link, Error why) {
    if (link != link_) return;
    link->transport->close();
    link_.reset();
    core_.on_disconnected(way_is_known_ ? why : try_the_other_way(why), net::now());
}

/// Somebody answered and said nothing that we know: a network may let WebSocket alone through, or a web server stand
/// in front of the relay.
Error Driver::try_the_other_way(Error why) {
    if (web_only_ || std::exchange(relay_.web, !relay_.web)) return why;
    return {Errc::refused, "what answers there does not speak as a relay; next with WebSocket"};
}

void Driver::flush(const LinkPtr& link) {
    while (!link->unwritten.empty() && !link->writing) {
        const auto piece = asio::const_buffer(link->unwritten.data(), link->unwritten.size());
        const auto written = link->transport->write_some(std::span(&piece, 1));
        if (!written) return;  // the reader finds the same and tells it
        link->unwritten.erase(link->unwritten.begin(), link->unwritten.begin() + static_cast<std::ptrdiff_t>(*written));
        if (*written > 0) continue;
        link->writing = true;
        asio::co_spawn(context_, write(link), net::rethrow);
    }
}

asio::awaitable<void> Driver::write(LinkPtr link) {
    const bool writable = co_await link->transport->wait_writable();
    link->writing = false;
    if (!writable) co_return;
    flush(link);
    if (link == link_ && link->unwritten.empty()) run_actions();  // there is room for more in bulk
}

void Driver::set_timer() {
    timer_.cancel();
    const auto next = core_.next_deadline();
    if (!next || stopped_) return;
    timer_.expires_at(std::chrono::steady_clock::time_point(next->time_since_epoch()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        core_.on_time(net::now());
        run_actions();
    });
}

}  // namespace parley::connect
