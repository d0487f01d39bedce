// TCP: connecting, listening, and a Transport on a socket.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "net/transport.h"

namespace parley::net {

/// Takes a connected socket over and sets it up: no delay, no blocking, and an end after 15 s in
/// which the other side acknowledges nothing (RELAY, keep-alive).
std::unique_ptr<Transport> make_tcp_transport(boost::asio::ip::tcp::socket socket);
/// The same from a descriptor that another loop released.
Result<std::unique_ptr<Transport>> adopt_tcp_transport(boost::asio::any_io_executor executor, int descriptor);

/// Tries each address of the name in turn. Error: unreachable.
boost::asio::awaitable<Result<std::unique_ptr<Transport>>> connect_tcp(std::string host, std::uint16_t port);

/// A listening socket; several loops may share one port. Errors: unreachable, with one clear line.
Result<boost::asio::ip::tcp::acceptor> listen_tcp(boost::asio::any_io_executor executor, const std::string& host,
                                                  std::uint16_t port, bool shared);

/// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(const std::string& host);

}  // namespace parley::net
