// What the relay may forget of what it gave us (PROTOCOL 6.6): said along with whatever else leaves, or a moment
// later, so that a relay reads one frame where it would read many.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "client/limits.h"

namespace parley::client {

class RelayAck {
public:
    /// Everything up to `seq` has come, `bytes` of it now.
    void on_delivered(std::uint64_t seq, std::size_t bytes, Time now) {
        delivered_ = std::max(delivered_, seq);
        waiting_ += bytes;
        if (!due_) due_ = now + relay_ack_delay;
    }
    /// The connection is gone: the next Join says where it goes on.
    void on_lost() { due_.reset(), waiting_ = 0; }
    /// Another life of the room, whose numbers begin anew.
    void on_new_epoch() { *this = RelayAck{}; }

    /// What to acknowledge now, if anything: whether something else leaves is `company`.
    std::optional<std::uint64_t> take(Time now, bool company) {
        if (!due_ || (!company && waiting_ < relay_ack_bytes && now < *due_)) return std::nullopt;
        on_lost();
        return delivered_;
    }
    std::optional<Time> deadline() const { return due_; }

private:
    std::optional<Time> due_;  ///< none: nothing has come since the last one
    std::size_t waiting_ = 0;
    std::uint64_t delivered_ = 0;  ///< in this life of the room and by this run: what an Ack may name
};

}  // namespace parley::client
