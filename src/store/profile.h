// A profile that is open: a person, their rooms, and one sealed file that is replaced as a whole (PROTOCOL 8).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "client/storage.h"
#include "store/contents.h"
#include "store/envelope.h"
#include "store/files.h"
#include "store/places.h"

namespace parley::store {

/// What a test chooses differently.
struct Surroundings {
    Places places;
    crypto::PasswordCost cost = crypto::production_cost;
};

class Profile {
public:
    /// Error besides those of the files: bad_input, when there is one of this name or the key is too short.
    static Result<std::unique_ptr<Profile>> create(const Surroundings& surroundings, std::string_view name,
                                                   const Unlock& unlock, std::shared_ptr<client::Persona> persona,
                                                   Random& random);
    /// Errors: not_found, in_use, wrong_key, damaged, unknown_type, storage. Nothing is written yet.
    static Result<std::unique_ptr<Profile>> open(const Surroundings& surroundings, std::string_view name,
                                                 const Unlock& unlock, Random& random);

    /// Which kind of key opens it; without opening it.
    static Result<Unlock::Kind> kind_of(const Surroundings& surroundings, std::string_view name);
    static Result<std::vector<std::string>> names(const Places& places);
    /// The sealed file as it is: a backup opens with the same passphrase. Errors: not_found, damaged.
    static Result<SecretBytes> exported(const Surroundings& surroundings, std::string_view name);
    /// Errors: not_found, in_use.
    static Status remove(const Places& places, std::string_view name);

    /// Whether it opens this profile: as slow as opening it.
    bool opens_with(const Unlock& unlock) const;
    Unlock::Kind key_kind() const { return opening_.source.kind; }

    client::Persona& persona() { return *persona_; }
    const std::string& name() const { return name_; }

    /// The one used last comes first. A room stays where it is in memory.
    std::vector<const Room*> rooms() const;
    /// The room of this link, known or new, used now.
    Room& use(identity::Link link, client::WallSeconds now);
    /// Every Save of this room's client replaces the file. It outlives the client and the profile outlives it.
    std::unique_ptr<client::Storage> storage_of(Room& room);

    /// Durable when it returns. Error: storage; then the file is as it was.
    Status save();

    /// The file is older than what was last saved: a backup was put back, or somebody did it.
    bool is_older_copy() const { return older_copy_; }
    /// False: the system did not let the key be kept out of a swap disk.
    bool key_is_locked() const { return key_.is_locked(); }

private:
    struct Opened {
        Folder folder;
        Descriptor lock;
        LockedKey key;
        Opening opening;
    };
    Profile(Opened opened, std::string name, std::string witnesses, std::shared_ptr<client::Persona> persona,
            Random& random);

    void compare_with_witness();
    void write_witness() const;

    Folder folder_;
    Descriptor lock_;
    LockedKey key_;
    Opening opening_;
    std::string name_;
    std::string witnesses_;
    std::shared_ptr<client::Persona> persona_;
    std::vector<std::unique_ptr<Room>> rooms_;
    Random& random_;
    bool older_copy_ = false;
};

}  // namespace parley::store
