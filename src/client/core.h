// What a driver runs: a pure core with one connection. Events and the time go in, an ordered list of
// actions comes out (HOUSE).
#pragma once

#include "client/action.h"
#include "wire/frames.h"

namespace parley::client {

class Core {
public:
    Core() = default;
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    virtual ~Core() = default;

    virtual void start(Time now) = 0;

    // What the connection tells. Frames borrow the reader's buffer during the call only.
    virtual void on_connected(Time now) = 0;
    virtual void on_disconnected(Error why, Time now) = 0;
    virtual void on_frame(const wire::RelayFrame& frame, Time now) = 0;

    /// What a disk did for it. Cores that know no files ask for nothing.
    virtual void on_file(const FileResult&, Time) {}
    /// Whether more may be sent in bulk: false while the connection has not taken what it was given.
    virtual void on_line(bool /*clear*/) {}

    virtual void on_time(Time now) = 0;

    virtual std::optional<Time> next_deadline() const = 0;
    /// Everything to do now, in order. Call it after each batch of events.
    virtual std::vector<Action> take_actions(Time now) = 0;
};

}  // namespace parley::client
