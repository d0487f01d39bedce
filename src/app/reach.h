// How a relay's address becomes a connection, and when it may not.
#pragma once

#include "app/options.h"
#include "net/dial.h"

namespace parley::app {

net::Target target_of(const identity::RelayAddress& relay, const std::optional<net::Proxy>& proxy);

/// Beyond this machine a connection has TLS, or the user said --insecure; .onion addresses go through a proxy. Error:
/// bad_input, with what to do.
Status may_reach(const identity::RelayAddress& relay, const Options& options);

/// Why a run ends that never reached its relay.
std::string no_relay(const identity::RelayAddress& relay, Error why);

}  // namespace parley::app
