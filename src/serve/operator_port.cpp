#include "serve/operator_port.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/ensure.h"
#include "net/coroutine.h"
#include "net/deadline.h"
#include "net/tcp.h"

namespace parley::serve {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t largest_request = 1024;
constexpr std::size_t most_guests = 16;
constexpr auto deadline_of_all = std::chrono::seconds(5);
constexpr auto pause_after_failure = std::chrono::milliseconds(100);

/// With the empty line at its end; empty where none came within the limit.
asio::awaitable<std::string> read_request(tcp::socket& socket) {
    std::string head;
    error_code error;
    const auto size = co_await asio::async_read_until(socket, asio::dynamic_buffer(head, largest_request), "\r\n\r\n",
                                                      asio::redirect_error(asio::use_awaitable, error));
    head.resize(error ? 0 : size);
    co_return head;
}

}  // namespace

Result<std::unique_ptr<OperatorPort>> OperatorPort::listen(const std::string& host, std::uint16_t port,
                                                           std::function<Condition()> condition) {
    auto made = std::unique_ptr<OperatorPort>(new OperatorPort(std::move(condition)));
    auto acceptor = net::listen_tcp(made->context_.get_executor(), host, port, false);
    if (!acceptor) return std::unexpected(acceptor.error());
    made->acceptor_ = std::make_unique<tcp::acceptor>(std::move(*acceptor));
    made->port_ = made->acceptor_->local_endpoint().port();
    return made;
}

OperatorPort::~OperatorPort() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void OperatorPort::run() {
    asio::co_spawn(context_, accept(), net::rethrow);
    thread_ = std::thread([this] {
        try {
            context_.run();
        } catch (const std::exception& failure) {
            stop_process(failure.what());
        }
    });
}

asio::awaitable<void> OperatorPort::accept() {
    while (true) {
        error_code error;
        auto socket = co_await acceptor_->async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (!error && guests_ < most_guests) {
            asio::co_spawn(context_, serve(std::make_shared<tcp::socket>(std::move(socket))), net::rethrow);
        }
        if (!error) continue;
        asio::steady_timer pause(context_, pause_after_failure);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
}

asio::awaitable<void> OperatorPort::serve(std::shared_ptr<tcp::socket> socket) {
    ++guests_;
    const net::Deadline deadline(context_.get_executor(), deadline_of_all, [socket] { socket->cancel(); });
    const auto head = co_await read_request(*socket);
    const auto text = answer_to(requested_path(head), condition_());
    error_code ignored;
    co_await asio::async_write(*socket, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ignored));
    socket->shutdown(tcp::socket::shutdown_both, ignored);
    --guests_;
}

}  // namespace parley::serve
