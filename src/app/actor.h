// One person of a play: a client, its connection, and what it has read.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "client/client.h"
#include "connect/driver.h"
#include "crypto/random.h"

namespace parley::app {

class Actor {
public:
    using OnEvent = std::function<void(const Actor&, const client::Event&)>;

    /// `on_event` is told after what follows was noted. `on_change` is called after it, and when the actor has stopped.
    Actor(boost::asio::io_context& context, std::string name, const identity::RoomSecret& secret, std::uint16_t port,
          OnEvent on_event, std::function<void()> on_change);

    void start() { driver_.start(); }
    void command(const client::Command& command);
    const std::string& name() const { return name_; }

    std::vector<std::string> read;
    std::size_t channels = 0;
    std::size_t alarms = 0;
    bool stopped = false;

private:
    void note(const client::Event& event);

    std::string name_;
    crypto::SystemRandom random_;
    client::Persona persona_;
    client::Client client_;
    connect::Driver driver_;
    OnEvent on_event_;
    std::function<void()> on_change_;
};

}  // namespace parley::app
