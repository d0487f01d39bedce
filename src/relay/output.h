// What the relay's core wants done, in order, in a buffer that the shell empties and gives back.
#pragma once

#include <utility>
#include <vector>

#include "relay/offence.h"
#include "relay/payload.h"
#include "wire/codec.h"

namespace parley::relay {

/// Names a connection to core and shell. Reused only when no output can mean the old one any more.
using ConnectionId = std::uint32_t;

/// Bytes for one connection: short frames in the head, all others in a block that many may share.
struct Outgoing {
    ConnectionId to;
    std::uint32_t skip;  ///< bytes of the block that are not for this connection
    Payload body;
    std::uint8_t head_size;
    FixedBytes<23> head;  ///< a Posted has 21

    ByteView head_view() const { return ByteView(head).first(head_size); }
    ByteView body_view() const { return body.view().subspan(skip); }
    std::size_t size() const { return head_size + body.size() - skip; }
};

/// After what was given to it before: that says why, as far as the connection takes it at once.
struct Close {
    ConnectionId connection;
    Offence offence = Offence::none;
};

class Output {
public:
    Outgoing& add_outgoing() {
        filling_.order.push_back(Kind::outgoing);
        return filling_.outgoing.emplace_back();
    }
    void add(Close close) {
        filling_.order.push_back(Kind::close);
        filling_.close.push_back(close);
    }

    /// Gives each to `visit` in order and empties the lists; their memory stays. What the core adds
    /// meanwhile waits for the next call.
    template <class Visit>
    void drain(Visit&& visit) {
        std::swap(filling_, draining_);
        std::size_t outgoing = 0, close = 0;
        for (const auto kind : draining_.order) {
            if (kind == Kind::outgoing) visit(draining_.outgoing[outgoing++]);
            else visit(draining_.close[close++]);
        }
        draining_.clear();
    }
    bool empty() const { return filling_.order.empty(); }
    std::size_t size() const { return filling_.order.size(); }

private:
    enum class Kind : std::uint8_t { outgoing, close };
    /// What lists keep room for: a storm, as when a room of a thousand falls apart, is not for ever.
    static constexpr std::size_t kept_items = 16'384;
    /// Two lists would lose the order between them, so a third tells which comes next.
    struct Lists {
        std::vector<Kind> order;
        std::vector<Outgoing> outgoing;
        std::vector<Close> close;

        void clear() {
            if (order.capacity() > kept_items) *this = Lists{};
            order.clear();
            outgoing.clear();
            close.clear();
        }
    };

    Lists filling_;
    Lists draining_;
};

}  // namespace parley::relay
