// What carries bytes between a client and a relay: TCP here, TLS and WebSocket behind the same few calls.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/error.h"

namespace parley::net {

/// Reads and writes never wait: they do what can be done now. Waiting is a coroutine of its own, so
/// that an idle connection holds no buffer.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    /// False when the connection was closed meanwhile.
    virtual boost::asio::awaitable<bool> wait_readable() = 0;
    virtual boost::asio::awaitable<bool> wait_writable() = 0;

    /// Bytes moved; 0: nothing can be moved now. Errors: closed.
    virtual Result<std::size_t> read_some(MutableBytes into) = 0;
    virtual Result<std::size_t> write_some(std::span<const boost::asio::const_buffer> from) = 0;

    /// Ends both waits. Calling it again does nothing.
    virtual void close() = 0;
    /// Gives the descriptor away, to another loop; the transport is closed after it.
    virtual int release() = 0;
};

}  // namespace parley::net
