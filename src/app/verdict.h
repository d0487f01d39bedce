// What a run came to: the exit code, gathered from what happened in its rooms.
#pragma once

#include "app/options.h"
#include "client/event.h"

namespace parley::app {

class Verdict {
public:
    void on_event(const client::Event& event);
    /// A room ended that should not have.
    void on_failure() { worsen(Exit::failed); }
    void on_unreachable() { exit_ = Exit::unreachable; }

    Exit exit() const { return exit_; }

private:
    /// Never hides what is worse.
    void worsen(Exit exit) {
        if (exit_ == Exit::done) exit_ = exit;
    }

    Exit exit_ = Exit::done;
};

}  // namespace parley::app
