// Whatever comes behind a good request for WebSocket: nothing crashes, what is understood does not depend on the pieces
// in which it comes, and is never more than what was sent.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "net/coroutine.h"
#include "net/websocket.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr std::string_view request =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A peer that has said everything already; what is said to it is taken and forgotten.
class Recording final : public Transport {
public:
    Recording(Bytes said, std::size_t piece) : said_(std::move(said)), piece_(piece) {}

    asio::awaitable<bool> wait_readable() override { co_return open_&& at_ < said_.size(); }
    asio::awaitable<bool> wait_writable() override { co_return open_; }
    Result<std::size_t> read_some(MutableBytes into) override {
        if (!open_ || at_ == said_.size()) return fail(Errc::closed, "everything was said");
        const auto size = std::min({piece_, into.size(), said_.size() - at_});
        std::ranges::copy(ByteView(said_).subspan(at_, size), into.begin());
        at_ += size;
        return size;
    }
    Result<std::size_t> write_some(std::span<const asio::const_buffer> from) override {
        if (!open_) return fail(Errc::closed, "the connection was closed");
        return asio::buffer_size(from);
    }
    void close() override { open_ = false; }
    TransportPtr detach() override { return std::make_unique<Recording>(std::move(*this)); }
    Recording(Recording&& other) noexcept
        : said_(std::move(other.said_)), piece_(other.piece_), at_(other.at_), open_(other.open_) {}

private:
    Bytes said_;
    std::size_t piece_;
    std::size_t at_ = 0;
    bool open_ = true;
};

asio::awaitable<void> read_all(TransportPtr lower, Bytes& understood) {
    static const WebRules rules;
    auto received = co_await accept_web(std::move(lower), rules, std::chrono::hours(1));
    require(received.has_value());
    auto& transport = *received->transport;
    Bytes buffer(1'024);
    while (true) {
        const bool readable = co_await transport.wait_readable();
        if (!readable) break;
        const auto size = transport.read_some(buffer);
        require(size.has_value());
        append(understood, ByteView(buffer).first(*size));
    }
}

Bytes understood(ByteView frames, std::size_t piece) {
    auto said = to_bytes(bytes_of(request));
    append(said, frames);
    asio::io_context context{1};
    Bytes bytes;
    asio::co_spawn(context, read_all(std::make_unique<Recording>(std::move(said), piece), bytes), rethrow);
    context.run();
    return bytes;
}

}  // namespace
}  // namespace parley::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley::net;
    if (size == 0) return 0;
    const auto frames = parley::ByteView(data, size).subspan(1);
    const auto whole = understood(frames, request.size() + frames.size());
    require(whole.size() <= frames.size());
    require(understood(frames, data[0] % 32U + 1) == whole);
    return 0;
}
