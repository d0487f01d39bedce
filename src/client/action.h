// The only way the client core acts on the world. The shell executes the list in its order.
#pragma once

#include "client/event.h"

namespace parley::client {

/// Save the state durably before any Send that follows (PROTOCOL 3.8).
struct Save {};
struct Connect {};
struct Disconnect {};
/// One whole frame with its length prefix.
struct Send {
    Bytes frame;
};
struct Show {
    Event event;
};
/// The client is done; nothing follows.
struct Stop {
    std::optional<Error> why;  ///< none: it left because it was asked to
};

using Action = std::variant<Save, Connect, Disconnect, Send, Show, Stop, FileJob>;

}  // namespace parley::client
