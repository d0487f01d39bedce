#include "app/home.h"

#include <chrono>
#include <ctime>
#include <stdexcept>

#include "client/limits.h"
#include "net/process.h"

namespace parley::app {
namespace {

identity::Link copy_of(const identity::Link& link) { return {link.relay, link.secret.duplicate(), link.token}; }

/// Rises from run to run, whatever state is restored.
client::PostId wall_microseconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<client::PostId>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

Home::Home() : persona_(std::make_shared<client::Persona>(identity::Identity::generate(random_))) {}

std::unique_ptr<client::Client> Home::client_for(const identity::Link& link, const std::string& name) {
    const auto grace = is_kept() ? client::wanted_grace_with_profile : client::wanted_grace_seconds;
    client::Config config{link.secret.duplicate(), name, grace, link.token, is_kept()};
    const auto* room = is_kept() ? &profile_->use(copy_of(link), std::time(nullptr)) : nullptr;
    if (room == nullptr || room->state.size() == 0) {
        return std::make_unique<client::Client>(std::move(config), persona(), random_);
    }
    auto restored = client::Client::restore(std::move(config), persona(), random_, room->state.reveal(),
                                            {net::now(), wall_microseconds()});
    // Going on with a new state would throw the old one away: whoever made it can still read it.
    if (!restored) throw std::runtime_error("what the profile holds of this room is of another version: update parley");
    return std::move(*restored);
}

std::unique_ptr<client::Storage> Home::storage_of(const identity::Link& link) {
    if (!is_kept()) return std::make_unique<client::KeepsNothing>();
    return profile_->storage_of(profile_->use(copy_of(link), std::time(nullptr)));
}

std::string Home::usual_name(std::string_view without_profile) const {
    return is_kept() ? profile_->name() : std::string(without_profile);
}

void Home::saw(const client::Person& person) { persona().contacts.seen(person.id, std::time(nullptr)); }

Status Home::keep(const store::Surroundings& surroundings, std::string_view name, const store::Unlock& unlock) {
    auto made = store::Profile::create(surroundings, name, unlock, persona_, random_);
    if (!made) return std::unexpected(made.error());
    profile_ = std::move(*made);
    return {};
}

}  // namespace parley::app
