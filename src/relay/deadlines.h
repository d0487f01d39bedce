// When to look again at a connection or at a seat whose owner is away.
#pragma once

#include <map>
#include <optional>
#include <variant>

#include "base/time.h"
#include "relay/output.h"

namespace parley::relay {

class Room;
struct Seat;

struct AwaySeat {
    Room* room;
    Seat* seat;
};
using Waiting = std::variant<ConnectionId, AwaySeat>;

/// Each one waits at most once and is taken out when it ends, so that no flapping connection piles
/// up timers of a day.
class Deadlines {
public:
    using Handle = std::multimap<Time, Waiting>::iterator;

    Handle add(Time at, Waiting who) { return waiting_.emplace(at, who); }
    void remove(std::optional<Handle>& handle) {
        if (handle) waiting_.erase(*handle);
        handle.reset();
    }
    void bring_forward(std::optional<Handle>& handle, Time at) {
        if (!handle || (*handle)->first <= at) return;
        auto node = waiting_.extract(*handle);
        node.key() = at;
        handle = waiting_.insert(std::move(node));
    }
    /// Takes out the first one whose time has come: its handle is no more.
    std::optional<Waiting> take_due(Time now) {
        if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
        const auto who = waiting_.begin()->second;
        waiting_.erase(waiting_.begin());
        return who;
    }
    std::optional<Time> next() const {
        if (waiting_.empty()) return std::nullopt;
        return waiting_.begin()->first;
    }
    std::size_t size() const { return waiting_.size(); }

private:
    std::multimap<Time, Waiting> waiting_;
};

}  // namespace parley::relay
