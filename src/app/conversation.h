// One room of a run: its client, what runs it on a connection, and what shows it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "client/client.h"
#include "client/storage.h"
#include "connect/driver.h"
#include "identity/link.h"
#include "ui/view.h"

namespace parley::app {

struct Room {
    identity::RoomSecret secret;
    identity::RelayAddress relay;
    std::optional<FixedBytes<16>> token;
};

/// What all rooms of one run share; it outlives them.
struct Household {
    boost::asio::io_context& context;
    client::Persona& persona;
    Random& random;
    client::Storage& storage;
};

class Conversation {
public:
    struct Callbacks {
        std::function<void(const client::Event&)> on_event;  ///< after it was shown
        std::function<void(const client::Stop&)> on_stop;
        std::function<bool(const Error&)> on_unreachable;  ///< as in connect::Callbacks
    };
    Conversation(const Household& household, Room room, std::string name, ui::View& view, Callbacks callbacks);

    void start() { driver_.start(); }
    void command(const client::Command& command);

    /// Another room of this run learned something about the people we know.
    void contacts_changed();

    const client::Person& self() const { return client_.self(); }
    const identity::RelayAddress& relay() const { return relay_; }
    ui::View& view() { return view_; }

private:
    ui::View& view_;
    identity::RelayAddress relay_;
    client::Client client_;
    connect::Driver driver_;
};

}  // namespace parley::app
