// TCP: listening, and a Transport on a socket.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "net/tcp_socket.h"
#include "net/transport.h"

namespace parley::net {

/// Takes a connected socket over and sets it up (TcpSocket).
TransportPtr make_tcp_transport(boost::asio::ip::tcp::socket socket);
TransportPtr make_tcp_transport(TcpSocket socket);

/// A listening socket; several loops may share one port. Errors: unreachable, with one clear line.
Result<boost::asio::ip::tcp::acceptor> listen_tcp(boost::asio::any_io_executor executor, const std::string& host,
                                                  std::uint16_t port, bool shared);

/// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(const std::string& host);

}  // namespace parley::net
