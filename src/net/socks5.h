// A SOCKS5 proxy in between (RFC 1928), such as Tor. Names are resolved by the proxy: no question about them leaves
// this machine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "base/bytes.h"
#include "base/error.h"

namespace parley::net {

struct Proxy {
    std::string host;
    std::uint16_t port = 0;
};

/// RFC 1928 section 4: CONNECT to an address where `host` is one, else to a name. Error: bad_input (a name beyond
/// 255 bytes).
Result<Bytes> socks5_request(const std::string& host, std::uint16_t port);

/// A connection to that host through the proxy. Errors: unreachable, with one line for each thing a proxy can say.
boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> connect_through(Proxy proxy, std::string host,
                                                                             std::uint16_t port);

}  // namespace parley::net
