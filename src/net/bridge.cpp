#include "net/bridge.h"

#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>

#include "net/coroutine.h"
#include "net/tcp.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t piece_size = 64U << 10U;

using Shared = std::shared_ptr<Transport>;

asio::awaitable<void> forward(Shared from, Shared to) {
    Bytes buffer;
    while (true) {
        buffer = Bytes();  // an idle connection holds none
        const bool readable = co_await from->wait_readable();
        if (!readable) break;
        buffer.resize(piece_size);
        const auto size = from->read_some(buffer);
        if (!size) break;
        const bool written = co_await write_all(*to, ByteView(buffer).first(*size));
        wipe(MutableBytes(buffer).first(*size));
        if (!written) break;
    }
    from->close();
    to->close();
}

/// A closed one when the system has no more to give: the other loop then finds that the connection has ended.
std::array<int, 2> socket_pair() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) ends = {-1, -1};
    return ends;
}

}  // namespace

asio::awaitable<bool> write_all(Transport& to, ByteView bytes) {
    while (!bytes.empty()) {
        const auto piece = asio::const_buffer(bytes.data(), bytes.size());
        const auto written = to.write_some(std::span(&piece, 1));
        if (!written) co_return false;
        bytes = bytes.subspan(*written);
        if (bytes.empty()) break;
        const bool writable = co_await to.wait_writable();
        if (!writable) co_return false;
    }
    co_return true;
}

TransportPtr bridge(TransportPtr transport, const asio::any_io_executor& executor) {
    const auto ends = socket_pair();
    const Shared here = make_tcp_transport(TcpSocket(ends[0]));
    const Shared outside = std::move(transport);
    asio::co_spawn(executor, forward(outside, here), rethrow);
    asio::co_spawn(executor, forward(here, outside), rethrow);
    return make_tcp_transport(TcpSocket(ends[1]));
}

}  // namespace parley::net
