// The relay's entry for WebSocket, for a judge in another language: one question a line on standard input, one answer a
// line on standard output. Bytes are hexadecimal, "-" is the empty string.
//
//   request HEAD           -> the status of the answer
//   stream PIECE BYTES     -> PAYLOAD SAID: what was understood of what a client sends behind its request, read so many
//                             bytes at a time, and what it was told
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <sstream>

#include "net/coroutine.h"
#include "net/websocket.h"
#include "support/hex.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;

constexpr auto request =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

Bytes unhex(const std::string& text) { return text == "-" ? Bytes{} : parley::test::from_hex(text); }
std::string shown(ByteView bytes) { return bytes.empty() ? "-" : to_hex(bytes); }

/// A client that has said all it will, a piece at a time, and then ends.
class Scripted final : public Transport {
public:
    Scripted(Bytes script, std::size_t piece, Bytes& said) : script_(std::move(script)), piece_(piece), said_(said) {}

    asio::awaitable<bool> wait_readable() override { co_return open_; }
    asio::awaitable<bool> wait_writable() override { co_return open_; }
    Result<std::size_t> read_some(MutableBytes into) override {
        const auto size = std::min({into.size(), piece_, script_.size() - at_});
        if (!open_ || size == 0) return fail(Errc::closed, "the script has ended");
        std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(at_), size, into.begin());
        at_ += size;
        return size;
    }
    Result<std::size_t> write_some(std::span<const asio::const_buffer> from) override {
        if (!open_) return fail(Errc::closed, "the script has ended");
        std::size_t size = 0;
        for (const auto& piece : from) {
            append(said_, {static_cast<const std::uint8_t*>(piece.data()), piece.size()});
            size += piece.size();
        }
        return size;
    }
    void close() override { open_ = false; }
    TransportPtr detach() override { return {}; }

private:
    Bytes script_;
    std::size_t piece_;
    Bytes& said_;
    std::size_t at_ = 0;
    bool open_ = true;
};

asio::awaitable<void> listen_to(TransportPtr client, const WebRules& rules, Bytes& said, Bytes& payload) {
    auto received = co_await accept_web(std::move(client), rules, std::chrono::hours(1));
    if (!received) co_return;
    said.clear();  // the answer to the request
    Bytes buffer(1U << 16U);
    while (true) {
        const bool readable = co_await received->transport->wait_readable();
        if (!readable) break;
        const auto size = received->transport->read_some(buffer);
        if (!size) break;
        append(payload, ByteView(buffer).first(*size));
    }
}

std::string judge_stream(std::size_t piece, const Bytes& bytes) {
    auto script = to_bytes(bytes_of(request));
    append(script, bytes);
    const WebRules rules;
    Bytes said, payload;
    asio::io_context context{1};
    asio::co_spawn(context, listen_to(std::make_unique<Scripted>(std::move(script), piece, said), rules, said, payload),
                   rethrow);
    context.run();
    return shown(payload) + " " + shown(said);
}

std::string answer_to_line(const std::string& line) {
    std::istringstream words(line);
    std::string command, bytes;
    std::size_t piece = 0;
    words >> command;
    if (command == "request" && words >> bytes) return std::to_string(answer_to(text_of(unhex(bytes)), {}));
    if (command == "stream" && words >> piece >> bytes) return judge_stream(piece, unhex(bytes));
    return "error unknown command";
}

}  // namespace
}  // namespace parley::net

int main() {
    std::string line;
    while (std::getline(std::cin, line)) std::cout << parley::net::answer_to_line(line) << '\n' << std::flush;
}
