// A wire tap for the demonstration: stands where a relay's operator stands, forwards every byte and
// keeps a copy of each frame.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "net/tcp.h"
#include "wire/stream.h"

namespace parley::app {

enum class Way { to_relay, to_client };

struct Seen {
    std::size_t connection;
    Way way;
    Bytes frame;  ///< type and fields
};

class Tap {
public:
    Tap(boost::asio::io_context& context, std::uint16_t relay_port, std::function<void(const Seen&)> on_frame);

    /// Where clients connect instead of to the relay.
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    const std::vector<Seen>& seen() const { return seen_; }
    bool holds(ByteView needle) const;

private:
    using TransportPtr = std::shared_ptr<net::Transport>;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> forward(TransportPtr from, TransportPtr to, std::size_t connection, Way way);

    boost::asio::io_context& context_;
    std::uint16_t relay_port_;
    std::function<void(const Seen&)> on_frame_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<Seen> seen_;
    std::size_t connections_ = 0;
};

}  // namespace parley::app
