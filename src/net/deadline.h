// Ends what takes too long.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "base/time.h"

namespace parley::net {

/// RELAY, limits: for TLS, and once more for WebSocket, at both sides.
inline constexpr Duration usual_handshake_deadline = std::chrono::seconds(5);

/// Calls `on_late` once, unless this object has ended before.
class Deadline {
public:
    Deadline(const boost::asio::any_io_executor& executor, Duration after, std::function<void()> on_late);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    bool passed() const;

private:
    struct Timer;
    std::shared_ptr<Timer> timer_;
};

}  // namespace parley::net
