// Frames inside WebSocket (RFC 6455), for browsers and for networks that let nothing else through. Binary messages
// carry the stream of frames; where a message ends means nothing. No extension, no subprotocol.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "net/transport.h"

namespace parley::net {

/// Pages that may connect. A browser always says which page asks; a program says nothing and is welcome.
struct WebRules {
    std::vector<std::string> origins{};
};

/// The answer to the head of a request, from its first line to the empty one: 101, or why not (400, 403, 426, 431).
int answer_to(std::string_view head, const WebRules& rules);

/// Who came through the door, and for whom the request says that it speaks.
struct Received {
    TransportPtr transport;
    std::string forwarded_for{};  ///< X-Forwarded-For as it came: true only when a trusted proxy wrote it
};

/// The relay's side: reads a request, answers it, both within `patience`, and is a transport of frames from there on.
/// `rules` outlive it. Error: closed.
boost::asio::awaitable<Result<Received>> accept_web(TransportPtr lower, const WebRules& rules, Duration patience);

/// The client's side. Errors: unreachable (there is no WebSocket at this address).
boost::asio::awaitable<Result<TransportPtr>> connect_web(TransportPtr lower, std::string host);

}  // namespace parley::net
