// Connecting: the addresses of a name raced against each other (RFC 8305), so that one family that leads
// nowhere costs a quarter of a second.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "base/error.h"

namespace parley::net {

/// What races: families take turns, beginning with the one the system put first (RFC 8305 section 4).
std::vector<boost::asio::ip::tcp::endpoint> interleaved(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);

/// The first of them that answers. Each next one begins 250 ms after the one before, or as soon as that failed.
/// Error: unreachable.
boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> connect_first(
    std::vector<boost::asio::ip::tcp::endpoint> endpoints);

/// Error: unreachable.
boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> connect_tcp(std::string host, std::uint16_t port);

}  // namespace parley::net
