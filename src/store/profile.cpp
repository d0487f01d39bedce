#include "store/profile.h"

#include <chrono>

#include "client/client.h"
#include "store/witness.h"

namespace parley::store {
namespace {

constexpr std::size_t smallest_key_file = 32;
constexpr std::size_t max_witness = 1024;
constexpr std::string_view suffix = ".parley";

std::string file_of(std::string_view name) { return std::string(name) + std::string(suffix); }
std::string lock_of(std::string_view name) { return "." + std::string(name) + ".lock"; }

std::unexpected<Error> no_name() {
    return fail(Errc::bad_input, "a profile's name has 1 to 64 letters, digits, - or _");
}

Time monotonic_now() { return Time(std::chrono::steady_clock::now().time_since_epoch()); }

/// One room of a profile. The others are written as they were saved last: one of them may be in the middle of
/// something now.
class RoomStorage final : public client::Storage {
public:
    RoomStorage(Profile& profile, Room& room) : profile_(profile), room_(room) {}

    Status save(const client::Client& client) override {
        room_.state = client.save(monotonic_now());
        return profile_.save();
    }

private:
    Profile& profile_;
    Room& room_;
};

Status check_key(const Unlock& unlock) {
    const bool by_file = unlock.kind == Unlock::Kind::key_file;
    if (by_file && unlock.secret.size() < smallest_key_file) {
        return fail(Errc::bad_input, "a key file has 32 random bytes at least: head -c 32 /dev/urandom > FILE");
    }
    if (!by_file && unlock.secret.size() == 0) return fail(Errc::bad_input, "an empty passphrase protects nothing");
    return {};
}

Result<SecretBytes> read_profile(const Folder& folder, std::string_view name) {
    auto file = folder.read(file_of(name), max_profile_file);
    if (!file && file.error().code == Errc::not_found) {
        return fail(Errc::not_found, "there is no profile of this name: parley profile list shows them");
    }
    return file;
}

}  // namespace

Profile::Profile(Opened opened, std::string name, std::string witnesses, std::shared_ptr<client::Persona> persona,
                 Random& random)
    : folder_(std::move(opened.folder)),
      lock_(std::move(opened.lock)),
      key_(std::move(opened.key)),
      opening_(opened.opening),
      name_(std::move(name)),
      witnesses_(std::move(witnesses)),
      persona_(std::move(persona)),
      random_(random) {}

Result<std::unique_ptr<Profile>> Profile::create(const Surroundings& surroundings, std::string_view name,
                                                 const Unlock& unlock, std::shared_ptr<client::Persona> persona,
                                                 Random& random) {
    if (!is_acceptable_profile_name(name)) return no_name();
    if (auto fits = check_key(unlock); !fits) return std::unexpected(fits.error());
    auto folder = Folder::open(surroundings.places.profiles);
    if (!folder) return std::unexpected(folder.error());
    auto lock = folder->lock(lock_of(name));
    if (!lock) return std::unexpected(lock.error());
    const auto there = folder->read(file_of(name), max_profile_file);
    if (there || there.error().code != Errc::not_found) {
        return fail(Errc::bad_input, "there is a profile of this name already");
    }
    const auto source = new_key_source(unlock.kind, surroundings.cost, random);
    Opened opened{std::move(*folder), std::move(*lock), derive_key(unlock, source), {source, 0}};
    std::unique_ptr<Profile> profile(
        new Profile(std::move(opened), std::string(name), surroundings.places.witnesses, std::move(persona), random));
    if (auto saved = profile->save(); !saved) return std::unexpected(saved.error());
    return profile;
}

Result<std::unique_ptr<Profile>> Profile::open(const Surroundings& surroundings, std::string_view name,
                                               const Unlock& unlock, Random& random) {
    if (!is_acceptable_profile_name(name)) return no_name();
    auto folder = Folder::open(surroundings.places.profiles);
    if (!folder) return std::unexpected(folder.error());
    // Before the lock: asking for what is not there leaves nothing behind.
    if (const auto there = read_profile(*folder, name); !there) return std::unexpected(there.error());
    auto lock = folder->lock(lock_of(name));
    if (!lock) return std::unexpected(lock.error());
    const auto file = read_profile(*folder, name);
    if (!file) return std::unexpected(file.error());
    const auto opening = read_opening(file->reveal(), surroundings.cost);
    if (!opening) return std::unexpected(opening.error());
    if (unlock.kind != opening->source.kind) {
        return fail(Errc::wrong_key, opening->source.kind == Unlock::Kind::key_file
                                         ? "this profile opens with a key file: --key-file FILE"
                                         : "this profile opens with a passphrase, not with a key file");
    }
    Opened opened{std::move(*folder), std::move(*lock), derive_key(unlock, opening->source), *opening};
    const auto bytes = open_file(file->reveal(), opened.key);
    if (!bytes) return std::unexpected(bytes.error());
    auto contents = decode_contents(bytes->reveal());
    if (!contents) return fail(Errc::damaged, "the profile holds what this version of parley does not understand");
    std::unique_ptr<Profile> profile(new Profile(std::move(opened), std::string(name), surroundings.places.witnesses,
                                                 std::make_shared<client::Persona>(std::move(contents->persona)),
                                                 random));
    for (auto& room : contents->rooms) profile->rooms_.push_back(std::make_unique<Room>(std::move(room)));
    profile->compare_with_witness();
    return profile;
}

Result<Unlock::Kind> Profile::kind_of(const Surroundings& surroundings, std::string_view name) {
    const auto file = exported(surroundings, name);
    if (!file) return std::unexpected(file.error());
    return read_opening(file->reveal(), surroundings.cost)->source.kind;
}

Result<std::vector<std::string>> Profile::names(const Places& places) {
    const auto folder = Folder::open(places.profiles);
    if (!folder) return std::unexpected(folder.error());
    std::vector<std::string> names;
    for (const auto& file : folder->names()) {
        if (!file.ends_with(suffix)) continue;
        auto name = file.substr(0, file.size() - suffix.size());
        if (is_acceptable_profile_name(name)) names.push_back(std::move(name));
    }
    return names;
}

Result<SecretBytes> Profile::exported(const Surroundings& surroundings, std::string_view name) {
    if (!is_acceptable_profile_name(name)) return no_name();
    const auto folder = Folder::open(surroundings.places.profiles);
    if (!folder) return std::unexpected(folder.error());
    auto file = read_profile(*folder, name);
    if (!file) return file;
    if (const auto opening = read_opening(file->reveal(), surroundings.cost); !opening) {
        return std::unexpected(opening.error());
    }
    return file;
}

Status Profile::remove(const Places& places, std::string_view name) {
    if (!is_acceptable_profile_name(name)) return no_name();
    const auto folder = Folder::open(places.profiles);
    if (!folder) return std::unexpected(folder.error());
    if (const auto there = read_profile(*folder, name); !there && there.error().code == Errc::not_found) {
        return std::unexpected(there.error());
    }
    const auto lock = folder->lock(lock_of(name));
    if (!lock) return std::unexpected(lock.error());
    if (auto removed = folder->remove(file_of(name)); !removed) return removed;
    (void)folder->remove(lock_of(name));
    if (const auto witnesses = Folder::open(places.witnesses)) (void)witnesses->remove(std::string(name));
    return {};
}

std::vector<const Room*> Profile::rooms() const {
    std::vector<const Room*> rooms;
    for (const auto& room : rooms_) rooms.push_back(room.get());
    std::ranges::sort(rooms, std::greater<>{}, [](const Room* room) { return room->last_used; });
    return rooms;
}

Room& Profile::use(identity::Link link, client::WallSeconds now) {
    const auto id = identity::room_id(link.secret);
    auto found = std::ranges::find_if(rooms_, [&](const auto& room) {
        return room->link.relay == link.relay && identity::room_id(room->link.secret) == id;
    });
    if (found == rooms_.end()) found = rooms_.insert(found, std::make_unique<Room>(std::move(link)));
    // Later than every other, also within one second: the order is what is asked for.
    auto latest = now;
    for (const auto& room : rooms_) {
        if (room != *found) latest = std::max(latest, room->last_used + 1);
    }
    (*found)->last_used = latest;
    return **found;
}

std::unique_ptr<client::Storage> Profile::storage_of(Room& room) { return std::make_unique<RoomStorage>(*this, room); }

bool Profile::opens_with(const Unlock& unlock) const {
    if (unlock.kind != opening_.source.kind) return false;
    const auto key = derive_key(unlock, opening_.source);
    return equal_constant_time(key.reveal(), key_.reveal());
}

Status Profile::save() {
    const auto contents = encode(*persona_, rooms_);
    const Opening next{opening_.source, opening_.generation + 1};
    const auto file = seal_file(next, contents.reveal(), key_, random_);
    if (auto replaced = folder_.replace(file_of(name_), file); !replaced) return replaced;
    opening_ = next;
    write_witness();
    return {};
}

/// Goes on above both, so that the older copy does not become the newest in silence.
void Profile::compare_with_witness() {
    const auto folder = Folder::open(witnesses_);
    if (!folder) return;
    const auto bytes = folder->read(name_, max_witness);
    if (!bytes) return;
    const auto witnessed = read_witness(bytes->reveal(), key_, opening_.source);
    older_copy_ = witnessed && *witnessed > opening_.generation;
    if (older_copy_) opening_.generation = *witnessed;
}

/// Not synced and never required: it can only be behind, and then it says less, not something wrong.
void Profile::write_witness() const {
    if (const auto folder = Folder::open(witnesses_)) {
        (void)folder->replace(name_, encode_witness(opening_.generation, key_, opening_.source), Folder::Durable::no);
    }
}

}  // namespace parley::store
