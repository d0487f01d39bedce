// The only source that includes Beast, which takes long to compile.
#include "net/websocket.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket.hpp>

#include "net/bridge.h"
#include "net/deadline.h"

namespace parley::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using Request = http::request<http::empty_body>;

constexpr std::size_t largest_head = 8U << 10U;
constexpr std::ptrdiff_t most_fields = 64;
/// Of what comes in one message: frames may come many in one, and it is read in pieces.
constexpr std::size_t largest_message = 1U << 20U;
/// Of what goes out in one message.
constexpr std::size_t message_size = 64U << 10U;
constexpr std::size_t small_read = 4U << 10U;
/// Pings and pongs in a row without a byte of a message between them: beyond, it is a flood (FAULTS F12).
constexpr int most_control_frames = 64;
/// Answers to pings that wait for a peer who does not read them.
constexpr std::size_t most_waiting = 256U << 10U;

// --- the request ---

bool is_key(std::string_view key) {
    const auto is_base64 = [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    return key.size() == 24 && key.ends_with("==") && std::ranges::all_of(key.substr(0, 22), is_base64);
}

/// Folded lines mean one thing to a proxy and another to us.
bool has_folded_lines(std::string_view head) { return head.contains("\r\n ") || head.contains("\r\n\t"); }

std::optional<Request> parse(std::string_view head) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(largest_head);
    error_code error;
    const auto used = parser.put(asio::buffer(head), error);
    if (error || used != head.size() || !parser.is_header_done()) return std::nullopt;
    return parser.release();
}

bool has_a_body(const Request& request) {
    return request.count(http::field::content_length) + request.count(http::field::transfer_encoding) != 0;
}

/// RFC 9112 section 3.2: one of visible ASCII letters.
bool is_path(std::string_view target) {
    return target.starts_with('/') && std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Twice the same field is one list to some readers, and to others the first or the last is all.
bool asks_for_websocket(const Request& request) {
    const auto once = [&](http::field field) { return request.count(field) == 1; };
    return websocket::is_upgrade(request) && request.version() == 11 && is_path(request.target()) &&
           once(http::field::connection) && once(http::field::upgrade) && once(http::field::host) &&
           once(http::field::sec_websocket_key) && is_key(request[http::field::sec_websocket_key]);
}

bool is_welcome(const Request& request, const WebRules& rules) {
    const auto count = request.count(http::field::origin);
    if (count == 0) return true;
    return count == 1 && std::ranges::find(rules.origins, request[http::field::origin]) != rules.origins.end();
}

/// All fields of the name are one list (RFC 9110, 5.3).
std::string forwarded_for(const Request& request) {
    std::string all;
    const auto [first, last] = request.equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field) {
        all += (all.empty() ? "" : ",") + std::string(field->value());
    }
    return all;
}

int answer_to_parsed(const std::optional<Request>& request, const WebRules& rules) {
    if (!request || has_a_body(*request)) return 400;
    if (std::distance(request->begin(), request->end()) > most_fields) return 431;
    if (!asks_for_websocket(*request)) return 400;
    const auto versions = request->count(http::field::sec_websocket_version);
    if (versions != 1 || (*request)[http::field::sec_websocket_version] != "13") return 426;
    return is_welcome(*request, rules) ? 101 : 403;
}

std::string_view refusal(int answer) {
    switch (answer) {
        case 403: return "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        case 426:
            return "HTTP/1.1 426 Upgrade Required\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n"
                   "Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n";
        case 431:
            return "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        default: return "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    }
}

// --- what Beast reads from and writes to ---

struct Moved {
    error_code error;
    std::size_t size = 0;
};

/// The transport below. What Beast writes is gathered here and leaves when we say, so that writing never waits.
struct Below {
    TransportPtr transport;
    Bytes received{};  ///< before Beast had anything to do with it
    Bytes waiting{};   ///< written by Beast and not yet by us

    asio::awaitable<Moved> read(asio::mutable_buffer into) {
        const MutableBytes room(static_cast<std::uint8_t*>(into.data()), into.size());
        if (!received.empty()) co_return take_received(room);
        while (true) {
            const auto size = transport->read_some(room);
            if (!size) co_return Moved{asio::error::eof};
            if (*size > 0) co_return Moved{{}, *size};
            const bool readable = co_await transport->wait_readable();
            if (!readable) co_return Moved{asio::error::eof};
        }
    }

    Moved take_received(MutableBytes room) {
        const auto size = std::min(room.size(), received.size());
        std::copy_n(received.begin(), size, room.begin());
        received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
        return {{}, size};
    }

    template <class Buffers>
    std::size_t write(const Buffers& buffers) {
        const auto before = waiting.size();
        for (auto piece = asio::buffer_sequence_begin(buffers); piece != asio::buffer_sequence_end(buffers); ++piece) {
            const asio::const_buffer bytes = *piece;
            append(waiting, {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        }
        return waiting.size() - before;
    }

    /// True when nothing waits any more.
    Result<bool> flush() {
        while (!waiting.empty()) {
            const asio::const_buffer piece(waiting.data(), waiting.size());
            const auto written = transport->write_some(std::span(&piece, 1));
            if (!written) return std::unexpected(written.error());
            if (*written == 0) return false;
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(*written));
        }
        return true;
    }
};

/// The same as Beast wants to see it: an AsyncStream and a SyncStream.
class Layer {
public:
    using executor_type = asio::any_io_executor;

    Layer(executor_type executor, std::shared_ptr<Below> below)
        : executor_(std::move(executor)), below_(std::move(below)) {}
    executor_type get_executor() { return executor_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        const auto start = [executor = executor_, below = below_](auto handler, asio::mutable_buffer into) {
            asio::co_spawn(executor, read(below, into),
                           [handler = std::move(handler)](const std::exception_ptr& thrown, Moved moved) mutable {
                               if (thrown) std::rethrow_exception(thrown);
                               std::move(handler)(moved.error, moved.size);
                           });
        };
        const asio::mutable_buffer first = *asio::buffer_sequence_begin(buffers);
        return asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, first);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        const auto start = [executor = executor_](auto handler, std::size_t size) {
            asio::post(executor, [handler = std::move(handler), size]() mutable { std::move(handler)({}, size); });
        };
        const auto size = below_->write(buffers);
        (void)below_->flush();  // what does not leave now goes ahead of what is written next
        return asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, size);
    }
    /// Only closing reads so, to wait for the other side's word: we do not wait.
    template <class Buffers>
    std::size_t read_some(const Buffers&, error_code& error) {
        error = asio::error::eof;
        return 0;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers&) {
        throw boost::system::system_error(asio::error::eof);
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, error_code& error) {
        error = {};
        return below_->write(buffers);
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers) {
        return below_->write(buffers);
    }

private:
    /// Keeps what it reads from alive, whoever has gone meanwhile.
    static asio::awaitable<Moved> read(std::shared_ptr<Below> below, asio::mutable_buffer into) {
        const auto moved = co_await below->read(into);
        co_return moved;
    }

    executor_type executor_;
    std::shared_ptr<Below> below_;
};

// How Beast ends a stream of a kind that it does not know: the transport below is closed by its owner.
void teardown(boost::beast::role_type, Layer&, error_code& error) { error = {}; }
template <class Handler>
void async_teardown(boost::beast::role_type, Layer& layer, Handler&& handler) {
    asio::post(layer.get_executor(),
               [kept = std::forward<Handler>(handler)]() mutable { std::move(kept)(error_code()); });
}
void beast_close_socket(Layer&) {}

using Stream = websocket::stream<Layer, false>;

// --- the transport ---

/// All of a connection that goes along when it is carried.
struct Connection {
    asio::any_io_executor executor;
    std::shared_ptr<Below> below;
    Stream stream;
    Bytes in{};  ///< of the message that is being read
    std::size_t in_begin = 0;
    std::size_t framed = 0;  ///< so much of what is offered was given to Beast and has not left whole
    int control_frames = 0;
    bool open = true;

    Connection(const asio::any_io_executor& where, std::shared_ptr<Below> what)
        : executor(where), below(std::move(what)), stream(executor, below) {
        stream.set_option(
            websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
        stream.binary(true);
        stream.auto_fragment(false);
        stream.read_message_max(largest_message);
        // Beast answers them all within one read: the flood is ended where it is counted.
        stream.control_callback([this](websocket::frame_type, boost::beast::string_view) {
            if (++control_frames > most_control_frames) below->transport->close();
        });
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
};

class WebTransport final : public Transport {
public:
    explicit WebTransport(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
    ~WebTransport() override { close(); }

    asio::awaitable<bool> wait_readable() override {
        auto& own = *connection_;
        while (own.open && own.in_begin == own.in.size()) {
            const bool more = co_await read_piece(own);
            if (!more) close();
        }
        co_return own.open;
    }

    asio::awaitable<bool> wait_writable() override {
        const bool writable = co_await connection_->below->transport->wait_writable();
        co_return writable;
    }

    Result<std::size_t> read_some(MutableBytes into) override {
        auto& own = *connection_;
        if (!own.open) return fail(Errc::closed, "the connection was closed");
        const auto size = std::min(into.size(), own.in.size() - own.in_begin);
        std::copy_n(own.in.begin() + static_cast<std::ptrdiff_t>(own.in_begin), size, into.begin());
        own.in_begin += size;
        return size;
    }

    Result<std::size_t> write_some(std::span<const asio::const_buffer> from) override {
        auto& own = *connection_;
        if (!own.open) return fail(Errc::closed, "the connection was closed");
        if (own.framed == 0) own.framed = frame(own, from);
        const auto left = own.below->flush();
        if (!left) return std::unexpected(left.error());
        return *left ? std::exchange(own.framed, 0) : 0;
    }

    void close() override {
        if (connection_ && connection_->open) end(*connection_, websocket::close_code::normal);
    }

    TransportPtr detach() override {
        const auto executor = connection_->executor;
        return bridge(std::make_unique<WebTransport>(std::move(connection_)), executor);
    }

private:
    /// False when the connection ends here.
    static asio::awaitable<bool> read_piece(Connection& own) {
        // Who sends much gets a large buffer, who sends little gives it back.
        const auto wanted = own.in.size() >= small_read ? message_size : small_read;
        if (own.in.capacity() == wanted) own.in.resize(wanted);
        else own.in = Bytes(wanted);
        own.in_begin = 0;
        error_code error;
        const auto size =
            co_await own.stream.async_read_some(asio::buffer(own.in), asio::redirect_error(asio::use_awaitable, error));
        own.in.resize(error ? 0 : size);
        const bool flooded = own.control_frames > most_control_frames;
        if (size > 0) own.control_frames = 0;
        const bool flushed = own.below->flush().has_value() && own.below->waiting.size() <= most_waiting;
        if (!error && own.stream.got_text()) end(own, websocket::close_code::unknown_data);
        co_return own.open && !error && flushed && !flooded;
    }

    static std::size_t frame(Connection& own, std::span<const asio::const_buffer> from) {
        Bytes message;
        message.reserve(std::min(asio::buffer_size(from), message_size));
        for (const auto& piece : from) {
            const auto taken = std::min(piece.size(), message_size - message.size());
            append(message, {static_cast<const std::uint8_t*>(piece.data()), taken});
        }
        if (message.empty()) return 0;
        error_code error;  // a stream that has ended writes nothing, and the reader finds the same
        own.stream.write(asio::buffer(message), error);
        wipe(message);
        return message.size();
    }

    static void end(Connection& own, websocket::close_code why) {
        own.open = false;
        error_code ignored;
        if (own.stream.is_open() && own.framed == 0) own.stream.close(why, ignored);
        (void)own.below->flush();
        own.below->transport->close();
    }

    std::unique_ptr<Connection> connection_;
};

asio::awaitable<bool> flush_all(Below& below) {
    while (true) {
        const auto done = below.flush();
        if (!done) co_return false;
        if (*done) co_return true;
        const bool writable = co_await below.transport->wait_writable();
        if (!writable) co_return false;
    }
}

/// The head of a request, with what came behind it left in `received`; where it does not end, what there is of it.
asio::awaitable<std::string> read_head(Below& below) {
    constexpr std::string_view end = "\r\n\r\n";
    while (below.received.size() <= largest_head) {
        const auto at = text_of(below.received).find(end);
        if (at != std::string_view::npos) {
            const std::string head(text_of(below.received).substr(0, at + end.size()));
            below.received.erase(below.received.begin(),
                                 below.received.begin() + static_cast<std::ptrdiff_t>(head.size()));
            co_return head;
        }
        std::array<std::uint8_t, 4096> piece;
        const auto size = below.transport->read_some(piece);
        if (!size) break;
        append(below.received, ByteView(piece).first(*size));
        // A client that expects frames to be spoken here is not kept waiting for the rest of its request.
        const bool other_language = !below.received.empty() && below.received.front() != 'G';
        if (other_language) break;
        if (*size > 0) continue;
        const bool readable = co_await below.transport->wait_readable();
        if (!readable) break;
    }
    co_return std::string(text_of(below.received));
}

asio::awaitable<void> refuse(Below& below, int answer) {
    below.write(asio::buffer(refusal(answer)));
    co_await flush_all(below);
    below.transport->close();
}

}  // namespace

int answer_to(std::string_view head, const WebRules& rules) {
    if (head.size() > largest_head) return 431;
    if (has_folded_lines(head)) return 400;
    return answer_to_parsed(parse(head), rules);
}

asio::awaitable<Result<Received>> accept_web(TransportPtr lower, const WebRules& rules, Duration patience) {
    const auto executor = co_await asio::this_coro::executor;
    const auto below = std::make_shared<Below>(std::move(lower));
    const Deadline deadline(executor, patience, [below] { below->transport->close(); });
    const auto head = co_await read_head(*below);
    const int answer = answer_to(head, rules);
    if (answer != 101) {
        co_await refuse(*below, answer);
        co_return fail(Errc::closed, "this was no request for WebSocket");
    }
    auto connection = std::make_unique<Connection>(executor, below);
    const auto request = parse(head);
    error_code error;
    co_await connection->stream.async_accept(*request, asio::redirect_error(asio::use_awaitable, error));
    const bool sent = co_await flush_all(*below);
    if (error || !sent) co_return fail(Errc::closed, "the connection ended in its handshake");
    co_return Received{std::make_unique<WebTransport>(std::move(connection)), forwarded_for(*request)};
}

asio::awaitable<Result<TransportPtr>> connect_web(TransportPtr lower, std::string host) {
    const auto executor = co_await asio::this_coro::executor;
    const auto below = std::make_shared<Below>(std::move(lower));
    const Deadline deadline(executor, usual_handshake_deadline, [below] { below->transport->close(); });
    auto connection = std::make_unique<Connection>(executor, below);
    error_code error;
    co_await connection->stream.async_handshake(host, "/", asio::redirect_error(asio::use_awaitable, error));
    if (deadline.passed())
        co_return fail(Errc::unreachable, "the relay did not finish the WebSocket handshake in time");
    if (error) co_return fail(Errc::unreachable, "there is no relay behind WebSocket at this address");
    co_return std::make_unique<WebTransport>(std::move(connection));
}

}  // namespace parley::net
