#include "net/deadline.h"

#include <boost/asio/steady_timer.hpp>

namespace parley::net {

/// Shared with its own handler, which may be on its way already when the deadline is given up.
struct Deadline::Timer {
    boost::asio::steady_timer clock;
    std::function<void()> on_late;
    bool passed = false;
};

Deadline::Deadline(const boost::asio::any_io_executor& executor, Duration after, std::function<void()> on_late)
    : timer_(std::make_shared<Timer>(boost::asio::steady_timer(executor), std::move(on_late))) {
    timer_->clock.expires_after(after);
    timer_->clock.async_wait([timer = timer_](const boost::system::error_code& error) {
        if (error || !timer->on_late) return;
        timer->passed = true;
        timer->on_late();
    });
}

Deadline::~Deadline() {
    timer_->on_late = nullptr;
    timer_->clock.cancel();
}

bool Deadline::passed() const { return timer_->passed; }

}  // namespace parley::net
