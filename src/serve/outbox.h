// What waits to be written to one connection, in order. Only who has something waiting has one: they are lent.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/container/static_vector.hpp>
#include <memory>
#include <vector>

#include "relay/output.h"

namespace parley::serve {

/// What one write takes, of the 1,024 pieces that Linux takes at once.
using Buffers = boost::container::static_vector<boost::asio::const_buffer, 128>;

class Outbox {
public:
    void add(relay::Outgoing frame) { queue_.push_back(std::move(frame)); }
    bool empty() const { return first_ == queue_.size(); }

    /// The first pieces, as many as there is room for.
    void gather(Buffers& buffers) const;
    /// So many bytes of them have left.
    void drop_written(std::size_t bytes);

private:
    friend class Outboxes;

    std::vector<relay::Outgoing> queue_;
    std::size_t first_ = 0;  ///< of those that are not written
    std::size_t written_of_first_ = 0;
};
using OutboxPtr = std::unique_ptr<Outbox>;

/// Those of a loop that nobody needs just now: a message takes one and gives it back without a call of the allocator.
class Outboxes {
public:
    OutboxPtr lend();
    /// Empty or not: what is in it is let go.
    void take_back(OutboxPtr outbox);

private:
    std::vector<OutboxPtr> spare_;
};

}  // namespace parley::serve
