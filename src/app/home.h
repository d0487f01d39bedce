// Who we are in a run, and what of it outlives the run: nothing, or a profile.
#pragma once

#include "client/client.h"
#include "client/storage.h"
#include "crypto/random.h"
#include "store/profile.h"

namespace parley::app {

class Home {
public:
    /// Fresh keys that end with the run.
    Home();
    explicit Home(std::unique_ptr<store::Profile> profile) : profile_(std::move(profile)) {}

    client::Persona& persona() { return profile_ ? profile_->persona() : *persona_; }
    bool is_kept() const { return profile_ != nullptr; }
    store::Profile& profile() { return *profile_; }
    Random& random() { return random_; }

    /// The client of one room: as it was kept, or new. It borrows from this home.
    std::unique_ptr<client::Client> client_for(const identity::Link& link, const std::string& name);
    /// Where that client is saved.
    std::unique_ptr<client::Storage> storage_of(const identity::Link& link);
    /// A profile gives its own name to whoever gives none.
    std::string usual_name(std::string_view without_profile) const;

    /// Stamps a person who was met or heard.
    void saw(const client::Person& person);

    /// The identity of this run becomes a profile. Errors: as store::Profile::create.
    Status keep(const store::Surroundings& surroundings, std::string_view name, const store::Unlock& unlock);

private:
    crypto::SystemRandom random_;
    std::shared_ptr<client::Persona> persona_;
    std::unique_ptr<store::Profile> profile_;
};

}  // namespace parley::app
