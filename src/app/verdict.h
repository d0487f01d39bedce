// What a run came to: the exit code, gathered from what happened in its rooms.
#pragma once

#include "app/options.h"
#include "client/event.h"

namespace parley::app {

/// Whether a relay was reached at all. One that never answered is a wrong address more often than one that comes
/// back; one that answers that it is busy is neither.
class FirstContact {
public:
    /// It is time to give up, and why.
    std::optional<Error> fails_with(const client::Event& event) {
        if (std::holds_alternative<client::Connected>(event)) reached_ = true;
        const auto* lost = std::get_if<client::ConnectionLost>(&event);
        if (lost == nullptr || reached_) return std::nullopt;
        if (lost->why == Errc::refused || lost->why == Errc::restarting) return std::nullopt;
        return lost->why;
    }

private:
    bool reached_ = false;
};

class Verdict {
public:
    void on_event(const client::Event& event);
    /// A room ended that should not have.
    void on_failure() { worsen(Exit::failed); }
    void on_no_relay(Error why) { exit_ = exit_for(why); }

    /// Of a run that never reached its relay.
    static Exit exit_for(Error why) { return why == Errc::untrusted ? Exit::key_changed : Exit::unreachable; }

    Exit exit() const { return exit_; }

private:
    /// Never hides what is worse.
    void worsen(Exit exit) {
        if (exit_ == Exit::done) exit_ = exit;
    }

    Exit exit_ = Exit::done;
};

}  // namespace parley::app
