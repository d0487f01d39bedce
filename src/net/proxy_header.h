// Whom a trusted proxy speaks for: the header that it sends first (PROXY protocol, version 2, and version 1, which is
// all that nginx sends), or the X-Forwarded-For of a WebSocket's request.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "net/networks.h"

namespace parley::net {

/// So much tells the two versions apart, and is shorter than any header.
inline constexpr std::size_t proxy_header_mark = 12;
inline bool is_proxy_line(ByteView begin) { return text_of(begin).starts_with("PROXY "); }

/// With the end of the line.
inline constexpr std::size_t max_proxy_line = 107;
/// Version 1, with the end of its line. As parse_proxy_header.
Result<std::optional<boost::asio::ip::address>> parse_proxy_line(std::string_view line);

/// The fixed part of version 2; it says how long the rest is.
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
