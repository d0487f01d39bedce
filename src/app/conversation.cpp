#include "app/conversation.h"

#include <boost/asio/post.hpp>
#include <filesystem>

#include "app/reach.h"
#include "client/limits.h"

namespace parley::app {
namespace {

constexpr auto nobody = "guest";

template <class... Kinds>
const client::Person* person_in(const client::Event& event) {
    const client::Person* person = nullptr;
    (..., [&] {
        if (const auto* kind = std::get_if<Kinds>(&event)) person = &kind->person;
    }());
    return person;
}

/// Somebody who is here at this moment, as far as an event tells.
const client::Person* seen_in(const client::Event& event) {
    const auto* person = person_in<client::ChannelEstablished, client::PresenceChanged, client::MessageReceived>(event);
    return person != nullptr && person->presence == client::Presence::present ? person : nullptr;
}

/// A profile goes on with files wherever it is opened, so the core knows no path that depends on this run.
client::Command from_anywhere(client::Command command) {
    const auto make_absolute = [](std::string& path) {
        std::error_code ignored;
        if (!path.empty()) path = std::filesystem::absolute(path, ignored).lexically_normal();
    };
    if (auto* send = std::get_if<client::SendFile>(&command)) make_absolute(send->path);
    if (auto* get = std::get_if<client::GetFile>(&command)) make_absolute(get->folder);
    if (auto* choice = std::get_if<client::ChooseFiles>(&command)) make_absolute(choice->folder);
    return command;
}

}  // namespace

identity::Link link_of(const Room& room) { return {room.relay, room.secret.duplicate(), room.token}; }

Conversation::Conversation(const Household& household, const Room& room, const std::optional<std::string>& name,
                           ui::View& view, Callbacks callbacks)
    : home_(household.home),
      view_(view),
      link_(link_of(room)),
      name_(name),
      tell_(std::move(callbacks.on_event)),
      gives_up_(std::move(callbacks.on_no_relay)),
      storage_(home_.storage_of(link_)),
      client_(home_.client_for(link_, name.value_or(home_.usual_name(nobody)))),
      driver_(household.context, *client_, target_of(room.relay, household.proxy),
              {.on_event = [this](const client::Event& event) { on_event(event); },
               .on_stop = std::move(callbacks.on_stop),
               .save = [this] { return storage_->save(*client_); },
               .on_unreachable = std::move(callbacks.on_unreachable),
               .on_file_job = [this](const client::FileJob& job) { disk_.perform(job); }}),
      disk_([this, &context = household.context](client::FileResult result) {
          boost::asio::post(context, [this, result = std::move(result)] { on_file(result); });
      }) {
    command(household.files);
}

void Conversation::on_file(const client::FileResult& result) {
    driver_.ask([&](Time now) { client_->on_file(result, now); });
}

void Conversation::start() {
    driver_.start();
    if (name_ && *name_ != client_->self().name) command(client::Rename{*name_});
}

void Conversation::on_event(const client::Event& event) {
    if (const auto* person = seen_in(event)) home_.saw(*person);
    if (const auto why = first_contact_.fails_with(event); why && gives_up_(*why)) return;
    view_.show(event);
    tell_(event);
}

void Conversation::command(const client::Command& command) {
    driver_.ask([&](Time now) { client_->on_command(from_anywhere(command), now); });
}

void Conversation::contacts_changed() {
    driver_.ask([this](Time now) { client_->on_contacts_changed(now); });
}

void Conversation::keep() {
    storage_ = home_.storage_of(link_);
    driver_.ask([this](Time now) { client_->keep_seat(client::wanted_grace_with_profile, now); });
}

}  // namespace parley::app
