#include "app/conversation.h"

#include "client/limits.h"

namespace parley::app {

Conversation::Conversation(const Household& household, Room room, std::string name, ui::View& view, Callbacks callbacks)
    : view_(view),
      relay_(room.relay),
      client_({std::move(room.secret), std::move(name), client::wanted_grace_seconds, room.token}, household.persona,
              household.random),
      driver_(household.context, client_, {room.relay.host, room.relay.port},
              {.on_event =
                   [this, tell = std::move(callbacks.on_event)](const client::Event& event) {
                       view_.show(event);
                       tell(event);
                   },
               .on_stop = std::move(callbacks.on_stop),
               .save = [this, &storage = household.storage] { return storage.save(client_); },
               .on_unreachable = std::move(callbacks.on_unreachable)}) {}

void Conversation::command(const client::Command& command) {
    driver_.ask([&](Time now) { client_.on_command(command, now); });
}

void Conversation::contacts_changed() {
    driver_.ask([this](Time now) { client_.on_contacts_changed(now); });
}

}  // namespace parley::app
