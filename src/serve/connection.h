// One connection of a loop: its transport, a frame that has begun, and what waits to be written.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "net/transport.h"
#include "relay/throttle.h"
#include "serve/gate.h"
#include "serve/outbox.h"
#include "wire/stream.h"

namespace parley::serve {

/// Counted without a lock: it lives and dies on one loop.
class Connection : public boost::intrusive_ref_counter<Connection, boost::thread_unsafe_counter> {
public:
    Connection(net::TransportPtr transport, relay::ConnectionId id, Pass pass)
        : id_(id), transport_(std::move(transport)), pass_(std::move(pass)) {}

    net::Transport& transport() { return *transport_; }
    wire::Stream& stream() { return stream_; }
    relay::ConnectionId id() const { return id_; }
    Pass& pass() { return pass_; }
    relay::Throttle& throttle() { return throttle_; }

    void queue(relay::Outgoing frame, Outboxes& outboxes);
    /// Writes what can be written now, many frames at once. Returns how many bytes left.
    Result<std::size_t> flush(Outboxes& outboxes);
    /// What waits will not be written any more.
    void abandon() { outbox_.reset(); }
    bool all_written() const { return outbox_ == nullptr; }

    bool is_watched() const { return watched >= 0; }
    int watched = -1;        ///< its descriptor, where the loop watches that; else a coroutine reads it
    bool flush_due = false;  ///< is in the list of those to flush at the end of the turn
    bool read_due = false;   ///< is in the list of those to read in the next turn
    bool resting = false;    ///< said too much, and is not read for a while
    bool at_end = false;     ///< nothing comes any more: what is there, and then the end
    bool writing = false;    ///< a coroutine waits until more can be written
    bool ending = false;     ///< closes once everything is written

private:
    relay::ConnectionId id_;
    net::TransportPtr transport_;
    Pass pass_;
    relay::Throttle throttle_;
    wire::Stream stream_;
    OutboxPtr outbox_;  ///< while something waits
};
using ConnectionPtr = boost::intrusive_ptr<Connection>;

}  // namespace parley::serve
