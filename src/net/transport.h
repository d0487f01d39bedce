// What carries bytes between a client and a relay: TCP, TLS and WebSocket behind the same few calls.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/error.h"

namespace parley::net {

class Transport;
using TransportPtr = std::unique_ptr<Transport>;

/// Reads and writes never wait: they do what can be done now. Waiting is a coroutine of its own, so
/// that an idle connection holds no buffer.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    /// False when the connection was closed meanwhile. At most one of each kind at a time.
    virtual boost::asio::awaitable<bool> wait_readable() = 0;
    virtual boost::asio::awaitable<bool> wait_writable() = 0;

    /// Bytes moved; 0: nothing can be moved now. Errors: closed. Less than fits: there is no more now.
    virtual Result<std::size_t> read_some(MutableBytes into) = 0;
    /// The same. What was not taken is offered again, from its first byte on: some of it may be under way already.
    virtual Result<std::size_t> write_some(std::span<const boost::asio::const_buffer> from) = 0;

    /// The descriptor that a loop may watch by its own means, instead of waiting here to read; called when no wait is
    /// going on. None where waiting to read is more than that.
    virtual std::optional<int> watchable() { return std::nullopt; }
    /// Whether a watched one has more to read than its descriptor shows.
    virtual bool has_more() const { return false; }

    /// Ends both waits. Calling it again does nothing.
    virtual void close() = 0;
    /// Takes the connection away from this loop, for another one; this transport is closed after it.
    virtual TransportPtr detach() = 0;
};

}  // namespace parley::net
