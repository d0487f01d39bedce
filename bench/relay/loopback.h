// Sockets on 127.0.0.1, as both sides of a benchmark open them.
#pragma once

#include <cstdint>

namespace parley::bench {

/// Less than 0 when that is not possible. `more`: flags beside SOCK_STREAM and SOCK_CLOEXEC.
int listen_on_loopback(std::uint16_t port, int more = 0);

/// It blocks, and does not wait for more before it sends. Throws when nobody answers.
int connect_to_loopback(std::uint16_t port);

/// A small write leaves at once.
void send_at_once(int fd);

}  // namespace parley::bench
