#include "net/proxy.h"

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Client = Result<std::optional<asio::ip::address>>;

asio::awaitable<Status> read_exactly(tcp::socket& socket, MutableBytes into) {
    boost::system::error_code error;
    const auto buffer = asio::buffer(into.data(), into.size());
    co_await asio::async_read(socket, buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return fail(Errc::closed, "the proxy sent no whole header");
    co_return Status{};
}

}  // namespace

asio::awaitable<Client> read_proxy_header(std::shared_ptr<tcp::socket> socket, Duration deadline) {
    asio::steady_timer timer(socket->get_executor(), deadline);
    timer.async_wait([socket](const boost::system::error_code& error) {
        if (!error) socket->cancel();
    });
    FixedBytes<proxy_header_start> start{};
    auto read = co_await read_exactly(*socket, start);
    if (!read) co_return std::unexpected(read.error());
    const auto size = proxy_header_rest(start);
    if (!size) co_return std::unexpected(size.error());
    Bytes rest(*size);
    read = co_await read_exactly(*socket, rest);
    if (!read) co_return std::unexpected(read.error());
    co_return parse_proxy_header(start, rest);
}

}  // namespace parley::net
