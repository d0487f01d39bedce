// Reads the header that a trusted proxy sends first.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "base/time.h"
#include "net/proxy_header.h"

namespace parley::net {

/// Exactly the header, so that whatever follows finds its own first byte. Errors: closed, also when
/// it took too long; bad_input, too_large, truncated. Shared, because its deadline may look at the
/// socket a moment after the header has been read.
boost::asio::awaitable<Result<std::optional<boost::asio::ip::address>>> read_proxy_header(
    std::shared_ptr<boost::asio::ip::tcp::socket> socket, Duration deadline);

}  // namespace parley::net
