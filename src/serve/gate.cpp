#include "serve/gate.h"

#include <sys/socket.h>

#include "net/process.h"
#include "wire/codec.h"

namespace parley::serve {
namespace {

namespace ip = boost::asio::ip;

relay::Origin origin_of(const ip::address& address) {
    if (address.is_v4()) return relay::Origin::ipv4(address.to_v4().to_bytes());
    return relay::Origin::ipv6(address.to_v6().to_bytes());
}

bool is_loopback(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback();
    }
    return address.is_loopback();
}

}  // namespace

/// What has already come is taken in first: closed over it, a socket resets, and the reason is lost.
void turn_away(ip::tcp::socket socket) {
    FixedBytes<4096> unread;
    (void)::recv(socket.native_handle(), unread.data(), unread.size(), MSG_DONTWAIT);
    Bytes frame;
    wire::encode(wire::Refused{wire::RefuseReason::too_many}, frame);
    (void)::send(socket.native_handle(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

Pass::~Pass() {
    if (gate_ != nullptr) gate_->leave(origin_);
}

void Pass::offend(relay::Offence offence) const {
    if (offence != relay::Offence::none) gate_->offend(origin_, offence);
}

std::expected<Pass, relay::Knock> Gate::knock(const ip::address& from, Time now) {
    const bool exempt = rules_.loopback == Loopback::free && is_loopback(from);
    const auto origin = exempt ? std::nullopt : std::optional(origin_of(from));
    const std::lock_guard lock(mutex_);
    const auto answer = admission_.on_knock(origin, now);
    ++answers_[static_cast<std::size_t>(answer)];
    if (answer != relay::Knock::welcome) return std::unexpected(answer);
    return Pass(*this, origin);
}

bool Gate::forget_addresses() {
    const std::lock_guard lock(mutex_);
    admission_.forget_some(net::now());
    return admission_.remembers_somebody();
}

std::array<std::uint64_t, relay::knocks> Gate::answers() {
    const std::lock_guard lock(mutex_);
    return answers_;
}

void Gate::leave(const std::optional<relay::Origin>& origin) {
    const std::lock_guard lock(mutex_);
    admission_.on_gone(origin, net::now());
}

void Gate::offend(const std::optional<relay::Origin>& origin, relay::Offence offence) {
    const std::lock_guard lock(mutex_);
    admission_.on_offence(origin, offence, net::now());
}

}  // namespace parley::serve
