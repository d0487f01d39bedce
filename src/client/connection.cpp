#include "client/connection.h"

#include <algorithm>

#include "base/codec.h"
#include "client/limits.h"

namespace parley::client {

Connection::Order Connection::on_time(Time now) {
    if (const auto* offline = std::get_if<Offline>(&state_); offline && now >= offline->retry_at) {
        state_ = Connecting{};
        return Order::connect;
    }
    if (const auto* joining = std::get_if<Joining>(&state_); joining && now >= joining->since + ping_after) {
        return Order::give_up;
    }
    if (auto* online = std::get_if<Online>(&state_)) return ping_or_give_up(*online, now);
    return Order::nothing;
}

Connection::Order Connection::ping_or_give_up(Online& online, Time now) {
    if (now < std::max(online.heard_at, online.pinged_at) + ping_after) return Order::nothing;
    if (online.missed_pongs == max_missed_pongs) return Order::give_up;
    ++online.missed_pongs;
    online.pinged_at = now;
    return Order::ping;
}

std::optional<Time> Connection::next_deadline() const {
    if (const auto* offline = std::get_if<Offline>(&state_)) return offline->retry_at;
    if (const auto* joining = std::get_if<Joining>(&state_)) return joining->since + ping_after;
    if (const auto* online = std::get_if<Online>(&state_)) {
        return std::max(online->heard_at, online->pinged_at) + ping_after;
    }
    return std::nullopt;
}

void Connection::on_welcome(Time now) {
    attempts_ = 0;
    state_ = Online{now, now};
}

void Connection::on_frame(Time now) {
    if (auto* online = std::get_if<Online>(&state_)) online->heard_at = now;
}

void Connection::on_pong() {
    if (auto* online = std::get_if<Online>(&state_)) online->missed_pongs = 0;
}

Duration Connection::on_lost(Time now) {
    const auto wait = wait_before_retry();
    state_ = Offline{now + wait};
    return wait;
}

Duration Connection::on_restarting(Time now, Duration after) {
    attempts_ = 0;
    const auto wait = std::min<Duration>(after, longest_retry) + wait_before_retry();
    state_ = Offline{now + wait};
    return wait;
}

Duration Connection::wait_before_retry() {
    constexpr int doublings = 6;  // 500 ms << 6 is beyond the longest wait already
    const auto cap = std::min<Duration>(first_retry * (2 << std::min(attempts_, doublings)), longest_retry);
    ++attempts_;
    const auto drawn = random_.bytes<4>();
    const auto part = Reader(drawn).number<std::uint32_t>();
    const auto spread = static_cast<std::uint64_t>((cap - first_retry).count());
    // A 32-bit fraction of the spread, without overflow for a spread below 2^35 ns.
    return first_retry + Duration((spread >> 16U) * (part >> 16U));
}

}  // namespace parley::client
