#include "app/actor.h"

#include "client/limits.h"

namespace parley::app {

Actor::Actor(boost::asio::io_context& context, std::string name, const identity::RoomSecret& secret, std::uint16_t port,
             OnEvent on_event, std::function<void()> on_change)
    : name_(std::move(name)),
      persona_{identity::Identity::generate(random_)},
      client_({secret.duplicate(), name_, client::wanted_grace_seconds, {}}, persona_, random_),
      driver_(context, client_, {.host = "127.0.0.1", .port = port},
              {.on_event = [this](const client::Event& event) { note(event); },
               .on_stop =
                   [this](const client::Stop&) {
                       stopped = true;
                       on_change_();
                   }}),
      on_event_(std::move(on_event)),
      on_change_(std::move(on_change)) {}

void Actor::command(const client::Command& command) {
    driver_.ask([&](Time now) { client_.on_command(command, now); });
}

void Actor::note(const client::Event& event) {
    if (std::holds_alternative<client::ChannelEstablished>(event)) ++channels;
    if (const auto* message = std::get_if<client::MessageReceived>(&event)) read.push_back(message->text);
    if (std::holds_alternative<client::Alarm>(event)) ++alarms;
    on_event_(*this, event);
    on_change_();
}

}  // namespace parley::app
