#include "carrier.h"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace parley::bench {

Carrier::~Carrier() { ::close(fd_); }

ssize_t Carrier::read(std::span<std::uint8_t> into) { return ::recv(fd_, into.data(), into.size(), 0); }

ssize_t Carrier::write(View from) { return ::send(fd_, from.data(), from.size(), MSG_NOSIGNAL); }

Carry carry_by(std::string_view name) {
    if (name == "tcp") return [](int fd) { return std::make_unique<Carrier>(fd); };
    if (name == "tls") return make_tls_carrier;
    if (name == "ws") return make_web_carrier;
    throw std::runtime_error("no carrier of this name");
}

}  // namespace parley::bench
