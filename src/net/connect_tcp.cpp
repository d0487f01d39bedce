#include "net/connect_tcp.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// RFC 8305 section 5: the Connection Attempt Delay.
constexpr auto attempt_delay = std::chrono::milliseconds(250);
/// All attempts together: the system's own patience with a silent address is minutes.
constexpr auto connect_deadline = std::chrono::seconds(15);

class Race : public std::enable_shared_from_this<Race> {
public:
    Race(const asio::any_io_executor& executor, std::vector<tcp::endpoint> endpoints)
        : executor_(executor), endpoints_(std::move(endpoints)), next_attempt_(executor), over_(executor) {}

    asio::awaitable<std::optional<tcp::socket>> run() {
        over_.expires_after(connect_deadline);
        start_next();
        error_code cancelled_when_over;
        if (!ended_) co_await over_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled_when_over));
        end();
        co_return std::move(winner_);
    }

private:
    using Attempt = std::shared_ptr<tcp::socket>;

    void start_next() {
        next_attempt_.cancel();
        if (attempts_.size() == endpoints_.size()) {
            if (failed_ == attempts_.size()) end();
            return;
        }
        const auto attempt = attempts_.emplace_back(std::make_shared<tcp::socket>(executor_));
        attempt->async_connect(
            endpoints_[attempts_.size() - 1],
            [self = shared_from_this(), attempt](const error_code& error) { self->on_outcome(attempt, error); });
        next_attempt_.expires_after(attempt_delay);
        next_attempt_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && !self->ended_) self->start_next();
        });
    }

    void on_outcome(const Attempt& attempt, const error_code& error) {
        if (ended_) return;
        if (error) {
            ++failed_;
            return start_next();
        }
        winner_ = std::move(*attempt);
        end();
    }

    void end() {
        ended_ = true;
        next_attempt_.cancel();
        over_.cancel();
        for (const auto& attempt : attempts_) {
            error_code ignored;
            attempt->close(ignored);
        }
    }

    asio::any_io_executor executor_;
    std::vector<tcp::endpoint> endpoints_;
    std::vector<Attempt> attempts_;
    std::size_t failed_ = 0;
    asio::steady_timer next_attempt_;
    asio::steady_timer over_;
    bool ended_ = false;
    std::optional<tcp::socket> winner_;
};

}  // namespace

std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& endpoints) {
    std::vector<tcp::endpoint> of_first;
    std::vector<tcp::endpoint> of_other;
    for (const auto& endpoint : endpoints) {
        const bool first = endpoint.protocol() == endpoints.front().protocol();
        (first ? of_first : of_other).push_back(endpoint);
    }
    std::vector<tcp::endpoint> ordered;
    for (std::size_t i = 0; i < std::max(of_first.size(), of_other.size()); ++i) {
        if (i < of_first.size()) ordered.push_back(of_first[i]);
        if (i < of_other.size()) ordered.push_back(of_other[i]);
    }
    return ordered;
}

asio::awaitable<Result<tcp::socket>> connect_first(std::vector<tcp::endpoint> endpoints) {
    const auto executor = co_await asio::this_coro::executor;
    const auto race = std::make_shared<Race>(executor, std::move(endpoints));
    auto winner = co_await race->run();
    if (!winner) co_return fail(Errc::unreachable, "nobody answers at this address: is the relay running?");
    co_return std::move(*winner);
}

asio::awaitable<Result<tcp::socket>> connect_tcp(std::string host, std::uint16_t port) {
    const auto executor = co_await asio::this_coro::executor;
    error_code error;
    tcp::resolver resolver(executor);
    const auto service = std::to_string(port);
    const auto found = co_await resolver.async_resolve(host, service, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return fail(Errc::unreachable, "no machine of this name: check the address");
    auto endpoints = interleaved({found.begin(), found.end()});
    auto connected = co_await connect_first(std::move(endpoints));
    co_return connected;
}

}  // namespace parley::net
