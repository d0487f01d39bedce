// What the relay's core wants done, in order, in a buffer that the shell empties and gives back.
#pragma once

#include <optional>
#include <vector>

#include "relay/payload.h"
#include "wire/codec.h"

namespace parley::relay {

/// Names a connection to core and shell; reused once on_disconnect was called.
using ConnectionId = std::uint32_t;

/// Bytes for one connection: a short head, and for a Deliver the shared body after it.
struct Outgoing {
    ConnectionId to;
    std::uint8_t head_size;
    wire::DeliverHeader head;
    Payload body;

    ByteView head_view() const { return ByteView(head).first(head_size); }
    std::size_t size() const { return head_size + body.size(); }
};

/// Longer frames without a shared body, which are rare: cards, welcomes.
struct Control {
    ConnectionId to;
    Bytes frame;
};

struct Close {
    ConnectionId connection;
};

/// Three lists would lose the order between them, so one list tells which comes next.
class Output {
public:
    enum class Kind : std::uint8_t { outgoing, control, close };

    Outgoing& add_outgoing() {
        order_.push_back(Kind::outgoing);
        return outgoing_.emplace_back();
    }
    void add(Control control) {
        order_.push_back(Kind::control);
        control_.push_back(std::move(control));
    }
    void add(Close close) {
        order_.push_back(Kind::close);
        close_.push_back(close);
    }

    /// Gives each to `visit` in order and empties the lists; their memory stays.
    template <class Visit>
    void drain(Visit&& visit) {
        std::size_t outgoing = 0, control = 0, close = 0;
        for (const auto kind : order_) {
            switch (kind) {
                case Kind::outgoing: visit(outgoing_[outgoing++]); break;
                case Kind::control: visit(control_[control++]); break;
                case Kind::close: visit(close_[close++]); break;
            }
        }
        clear();
    }
    bool empty() const { return order_.empty(); }
    void clear() {
        order_.clear();
        outgoing_.clear();
        control_.clear();
        close_.clear();
    }

private:
    std::vector<Kind> order_;
    std::vector<Outgoing> outgoing_;
    std::vector<Control> control_;
    std::vector<Close> close_;
};

}  // namespace parley::relay
