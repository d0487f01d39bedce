// The port for whoever operates the relay, on a thread of its own: GET, one answer, end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/error.h"
#include "serve/report.h"

namespace parley::serve {

class OperatorPort {
public:
    /// Errors: unreachable, bad_input, with one clear line. `condition` is called on the port's thread.
    static Result<std::unique_ptr<OperatorPort>> listen(const std::string& host, std::uint16_t port,
                                                        std::function<Condition()> condition);
    ~OperatorPort();
    OperatorPort(const OperatorPort&) = delete;
    OperatorPort& operator=(const OperatorPort&) = delete;

    std::uint16_t port() const { return port_; }
    void run();

private:
    explicit OperatorPort(std::function<Condition()> condition) : condition_(std::move(condition)) {}

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(std::shared_ptr<boost::asio::ip::tcp::socket> socket);

    std::function<Condition()> condition_;
    boost::asio::io_context context_{1};
    std::unique_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
    std::uint16_t port_ = 0;
    std::size_t guests_ = 0;
    std::thread thread_;
};

}  // namespace parley::serve
