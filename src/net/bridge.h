// Carries a transport that cannot leave its loop to another one, over a pair of sockets inside this process.
#pragma once

#include "net/transport.h"

namespace parley::net {

TransportPtr bridge(TransportPtr transport, const boost::asio::any_io_executor& executor);

/// Writes all of it, waiting as long as it takes. False when the connection has ended.
boost::asio::awaitable<bool> write_all(Transport& to, ByteView bytes);

}  // namespace parley::net
