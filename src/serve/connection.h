// One connection of a loop: its transport, a frame that has begun, and what waits to be written.
#pragma once

#include <vector>

#include "net/transport.h"
#include "relay/output.h"
#include "relay/throttle.h"
#include "serve/gate.h"
#include "wire/stream.h"

namespace parley::serve {

class Connection {
public:
    Connection(std::unique_ptr<net::Transport> transport, relay::ConnectionId id, Pass pass)
        : transport_(std::move(transport)), id_(id), pass_(std::move(pass)) {}

    net::Transport& transport() { return *transport_; }
    wire::Stream& stream() { return stream_; }
    relay::ConnectionId id() const { return id_; }
    Pass& pass() { return pass_; }
    relay::Throttle& throttle() { return throttle_; }

    void queue(relay::Outgoing frame) { queue_.push_back(std::move(frame)); }

    /// Writes what can be written now, many frames at once. Returns how many bytes left.
    Result<std::size_t> flush();
    /// What waits will not be written any more.
    void abandon() {
        queue_ = {};
        first_ = 0;
    }
    bool all_written() const { return queue_.empty(); }

    std::optional<int> watched;  ///< its descriptor, where the loop watches that; else a coroutine reads it
    bool flush_due = false;      ///< is in the list of those to flush at the end of the turn
    bool writing = false;        ///< a coroutine waits until more can be written
    bool ending = false;         ///< closes once everything is written

private:
    std::size_t gather(std::span<boost::asio::const_buffer> buffers) const;
    void drop_written(std::size_t bytes);
    void move_up();

    std::unique_ptr<net::Transport> transport_;
    relay::ConnectionId id_;
    Pass pass_;
    relay::Throttle throttle_;
    wire::Stream stream_;
    std::vector<relay::Outgoing> queue_;  ///< no memory of its own when it is empty
    std::size_t first_ = 0;               ///< in the queue, of those that are not written
    std::size_t written_of_first_ = 0;
};

}  // namespace parley::serve
