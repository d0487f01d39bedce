// What carries a seat's bytes to its relay: TCP, TLS or WebSocket, each with as little as a client of it needs.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string_view>

#include "protocol.h"

namespace parley::bench {

/// On a socket that it owns and that does not block once it is made.
class Carrier {
public:
    explicit Carrier(int fd) : fd_(fd) {}
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;
    virtual ~Carrier();

    int descriptor() const { return fd_; }
    /// As recv and send: how many bytes, 0 at the end, less than 0 with errno. What was not taken is offered again
    /// from its first byte on.
    virtual ssize_t read(std::span<std::uint8_t> into);
    virtual ssize_t write(View from);
    /// There is more to read than the socket shows.
    virtual bool has_more() const { return false; }

protected:
    const int fd_;
};

/// Makes one on a connected socket that still blocks: its handshake is over when it returns. Throws when it fails.
using Carry = std::function<std::unique_ptr<Carrier>(int fd)>;
Carry carry_by(std::string_view name);  ///< tcp, tls or ws

std::unique_ptr<Carrier> make_tls_carrier(int fd);
std::unique_ptr<Carrier> make_web_carrier(int fd);

}  // namespace parley::bench
