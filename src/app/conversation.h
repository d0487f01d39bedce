// One room of a run: its client, what runs it on a connection, and what shows it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "app/home.h"
#include "app/verdict.h"
#include "connect/driver.h"
#include "files/disk.h"
#include "identity/link.h"
#include "ui/view.h"

namespace parley::app {

struct Room {
    identity::RoomSecret secret;
    identity::RelayAddress relay;
    std::optional<FixedBytes<16>> token;
};
identity::Link link_of(const Room& room);

/// What all rooms of one run share; it outlives them.
struct Household {
    boost::asio::io_context& context;
    Home& home;
    client::ChooseFiles files{};
    std::optional<net::Proxy> proxy{};
};

class Conversation {
public:
    struct Callbacks {
        std::function<void(const client::Event&)> on_event;  ///< after it was shown
        std::function<void(const client::Stop&)> on_stop;
        std::function<bool(const Error&)> on_unreachable;  ///< as in connect::Callbacks
        /// The relay was not reached, not once. True: that is the end, and it was said; nothing is tried again.
        std::function<bool(const Error&)> on_no_relay;
    };
    /// A room that was kept goes on where it was, under the name it had unless `name` is given.
    Conversation(const Household& household, const Room& room, const std::optional<std::string>& name, ui::View& view,
                 Callbacks callbacks);

    void start();
    void command(const client::Command& command);

    /// Another room of this run learned something about the people we know.
    void contacts_changed();

    /// The run's identity became a profile: this room lasts too.
    void keep();

    const client::Person& self() const { return client_->self(); }
    const identity::RelayAddress& relay() const { return link_.relay; }
    ui::View& view() { return view_; }

private:
    void on_event(const client::Event& event);
    void on_file(const client::FileResult& result);

    Home& home_;
    ui::View& view_;
    identity::Link link_;
    std::optional<std::string> name_;
    std::function<void(const client::Event&)> tell_;
    std::function<bool(const Error&)> gives_up_;
    FirstContact first_contact_;
    std::unique_ptr<client::Storage> storage_;
    std::unique_ptr<client::Client> client_;
    connect::Driver driver_;
    files::Disk disk_;  ///< the last one: it ends before what it tells
};

}  // namespace parley::app
