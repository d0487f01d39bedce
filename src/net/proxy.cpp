#include "net/proxy.h"

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/deadline.h"

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

/// Version 1 says its end only by its end, so it comes byte by byte: a short line, once.
asio::awaitable<Client> read_line(tcp::socket& socket, std::string line) {
    while (!line.ends_with('\n') && line.size() < max_proxy_line) {
        std::uint8_t next = 0;
        const auto read = co_await read_exactly(socket, {&next, 1});
        if (!read) co_return std::unexpected(read.error());
        line += static_cast<char>(next);
    }
    co_return parse_proxy_line(line);
}

asio::awaitable<Client> read_binary(tcp::socket& socket, FixedView<proxy_header_mark> mark) {
    FixedBytes<proxy_header_start> start{};
    std::ranges::copy(mark, start.begin());
    auto read = co_await read_exactly(socket, MutableBytes(start).subspan(mark.size()));
    if (!read) co_return std::unexpected(read.error());
    const auto size = proxy_header_rest(start);
    if (!size) co_return std::unexpected(size.error());
    Bytes rest(*size);
    read = co_await read_exactly(socket, rest);
    if (!read) co_return std::unexpected(read.error());
    co_return parse_proxy_header(start, rest);
}

asio::awaitable<Client> read_header(tcp::socket& socket) {
    FixedBytes<proxy_header_mark> mark{};
    const auto read = co_await read_exactly(socket, mark);
    if (!read) co_return std::unexpected(read.error());
    if (is_proxy_line(mark)) {
        auto line = co_await read_line(socket, std::string(text_of(mark)));
        co_return line;
    }
    auto header = co_await read_binary(socket, mark);
    co_return header;
}

}  // namespace

asio::awaitable<Client> read_proxy_header(std::shared_ptr<tcp::socket> socket, Duration deadline) {
    const Deadline end(socket->get_executor(), deadline, [socket] { socket->cancel(); });
    auto client = co_await read_header(*socket);
    co_return client;
}

}  // namespace parley::net
