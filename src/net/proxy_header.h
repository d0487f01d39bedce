// Whom a trusted proxy speaks for: the header that it sends first (PROXY protocol, version 2), or the
// X-Forwarded-For of a WebSocket's request.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "net/networks.h"

namespace parley::net {

/// The fixed part; it says how long the rest is.
inline constexpr std::size_t proxy_header_start = 16;
/// Of the rest: addresses and what proxies add to them. One that says more is not believed.
inline constexpr std::size_t max_proxy_header_rest = 2'048;

/// How long the rest is. Errors: bad_input, too_large.
Result<std::size_t> proxy_header_rest(FixedView<proxy_header_start> start);

/// The address of the client; none where the proxy speaks for itself. Errors: bad_input, truncated.
Result<std::optional<boost::asio::ip::address>> parse_proxy_header(FixedView<proxy_header_start> start, ByteView rest);

/// The last address of the list that no trusted proxy has: what stands before it is only claimed.
/// None where the text is no list of addresses.
std::optional<boost::asio::ip::address> forwarded_for(std::string_view header, const Networks& trusted);

}  // namespace parley::net
