// The client's side of TLS: whom it trusts, and what it says when it does not.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <variant>

#include "net/pin.h"
#include "net/tls_transport.h"

namespace parley::net {

/// The relay whose key has this pin, whatever its certificate says.
struct TrustPin {
    Pin pin;
};
/// A relay for whose name an authority vouches that this machine knows.
struct TrustAuthorities {};
using Trust = std::variant<TrustPin, TrustAuthorities>;

enum class Offer {
    frames_or_web,  ///< frames; WebSocket where a web server stands in front
    web,
};

/// TLS to the relay that is meant, or the reason why not: there is no going on anyway. Errors: untrusted, unreachable.
boost::asio::awaitable<Result<std::unique_ptr<TlsTransport>>> start_tls(boost::asio::ip::tcp::socket socket,
                                                                        std::string host, Trust trust, Offer offer);

}  // namespace parley::net
