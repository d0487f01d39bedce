// What both sides of TLS agree on.
#pragma once

#include "net/openssl.h"

namespace parley::net {

/// TLS 1.3 and nothing older, X25519MLKEM768 first, no tickets, no resumption, buffers given back when idle. A
/// connection is ended when its peer floods it with key updates.
ContextPtr make_context(const SSL_METHOD* method);

/// How a client asks for frames or WebSocket on one TLS port (RFC 7301); in the order of its wish.
inline constexpr std::string_view frames_protocol = "parley/1";
inline constexpr std::string_view web_protocol = "http/1.1";

}  // namespace parley::net
