#include "net/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace parley::net {
namespace {

struct Place {
    sockaddr_un address;
    socklen_t size;
};

/// A path, or with @ in front a name that is no file.
std::optional<Place> place_of(std::string_view name) {
    Place place{};
    const bool fits = name.size() < sizeof place.address.sun_path;
    if (!fits || !(name.starts_with('/') || name.starts_with('@'))) return std::nullopt;
    place.address.sun_family = AF_UNIX;
    name.copy(place.address.sun_path, name.size());
    if (name.starts_with('@')) place.address.sun_path[0] = 0;
    place.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    return place;
}

}  // namespace

ServiceManager::ServiceManager() {
    const char* name = std::getenv("NOTIFY_SOCKET");
    const auto place = name == nullptr ? std::nullopt : place_of(name);
    if (!place) return;
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)::connect(socket_, reinterpret_cast<const sockaddr*>(&place->address), place->size);
}

ServiceManager::~ServiceManager() {
    if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::tell_ready() const {
    constexpr std::string_view ready = "READY=1";
    // Who does not listen after all misses nothing but this.
    (void)::send(socket_, ready.data(), ready.size(), MSG_NOSIGNAL);
}

}  // namespace parley::net
