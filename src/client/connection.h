// The connection to the relay as the core sees it: when to try, when to ping, when to give up.
#pragma once

#include <optional>
#include <variant>

#include "base/random.h"
#include "base/time.h"

namespace parley::client {

class Connection {
public:
    explicit Connection(Random& random) : random_(random) {}

    enum class Order { nothing, connect, ping, give_up };
    Order on_time(Time now);
    std::optional<Time> next_deadline() const;

    void start(Time now) { state_ = Offline{now}; }
    void on_connected(Time now) { state_ = Joining{now}; }
    void on_welcome(Time now);
    void on_frame(Time now);
    void on_pong();
    /// Returns how long it waits before it tries again.
    Duration on_lost(Time now);
    /// A planned stop: come back after that time.
    Duration on_restarting(Time now, Duration after);
    void end() { state_ = Ended{}; }

    bool online() const { return std::holds_alternative<Online>(state_); }
    bool ended() const { return std::holds_alternative<Ended>(state_); }
    bool offline() const { return std::holds_alternative<Offline>(state_); }

private:
    struct Offline {
        Time retry_at;
    };
    struct Connecting {};
    struct Joining {
        Time since;
    };
    struct Online {
        Time heard_at;
        Time pinged_at;
        int missed_pongs = 0;
    };
    struct Ended {};

    Duration wait_before_retry();
    Order ping_or_give_up(Online& online, Time now);

    Random& random_;
    int attempts_ = 0;
    std::variant<Offline, Connecting, Joining, Online, Ended> state_;
};

}  // namespace parley::client
