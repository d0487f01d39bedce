#include "app/profiles.h"

#include <unistd.h>

#include <iostream>

#include "crypto/random.h"
#include "identity/fingerprint.h"
#include "ui/filter.h"
#include "ui/input.h"
#include "ui/passphrase.h"

namespace parley::app {
namespace {

constexpr std::size_t max_key_file = 1U << 20U;

Exit complain(Error why) {
    std::cerr << "parley: " << why.what << '\n';
    return why.code == Errc::bad_input ? Exit::wrong_use : Exit::failed;
}

Result<store::Unlock> key_file(const std::string& path) {
    auto bytes = store::read_path(path, max_key_file);
    if (!bytes) return fail(bytes.error().code, "the key file cannot be read");
    return store::Unlock{store::Unlock::Kind::key_file, std::move(*bytes)};
}

Result<store::Unlock> passphrase(Result<SecretBytes> typed) {
    if (!typed) return std::unexpected(typed.error());
    return store::Unlock{store::Unlock::Kind::passphrase, std::move(*typed)};
}

/// Twice, because a typo would lock the profile for good.
Result<SecretBytes> ask_twice() {
    auto first = ui::ask_passphrase("New passphrase: ");
    if (!first) return first;
    const auto second = ui::ask_passphrase("The same again: ");
    if (!second) return std::unexpected(second.error());
    if (!equal_constant_time(first->reveal(), second->reveal())) {
        return fail(Errc::bad_input, "the two passphrases differ: nothing was made");
    }
    return first;
}

std::string tag_of(store::Profile& profile) { return identity::tag(profile.persona().identity.public_identity()); }

Exit make(const store::Surroundings& surroundings, const std::string& name, const ProfileChoice& choice) {
    const auto unlock = new_unlock(choice);
    if (!unlock) return complain(unlock.error());
    crypto::SystemRandom random;
    auto persona = std::make_shared<client::Persona>(identity::Identity::generate(random));
    const auto profile = store::Profile::create(surroundings, name, *unlock, std::move(persona), random);
    if (!profile) return complain(profile.error());
    std::cout << "Profile " << name << " made: its tag is #" << tag_of(**profile) << ". parley --profile " << name
              << " uses it.\n";
    return Exit::done;
}

Exit list(const store::Surroundings& surroundings) {
    const auto names = store::Profile::names(surroundings.places);
    if (!names) return complain(names.error());
    for (const auto& name : *names) std::cout << name << '\n';
    return Exit::done;
}

Exit show(const ProfileChoice& choice) {
    crypto::SystemRandom random;
    const auto profile = open_profile(choice, random);
    if (!profile) return complain(profile.error());
    std::cout << "profile   " << choice.name << "\ntag       #" << tag_of(**profile) << "\npeople    "
              << (*profile)->persona().contacts.all().size() << '\n';
    for (const auto* room : (*profile)->rooms()) {
        std::cout << "room      " << identity::room_id(room->link.secret).hex().substr(0, 4) << " at "
                  << ui::displayable(identity::print(room->link.relay)) << '\n';
    }
    return Exit::done;
}

Exit export_(const store::Surroundings& surroundings, const std::string& name) {
    if (::isatty(STDOUT_FILENO) == 1) {
        return complain({Errc::bad_input, "an export is no text: parley profile export NAME > FILE"});
    }
    const auto file = store::Profile::exported(surroundings, name);
    if (!file) return complain(file.error());
    std::cout.write(text_of(file->reveal()).data(), static_cast<std::streamsize>(file->size()));
    return std::cout.flush() ? Exit::done : complain({Errc::storage, "the export could not be written"});
}

Exit remove(const store::Surroundings& surroundings, const std::string& name, bool certain) {
    if (!certain) {
        std::cerr << "This deletes the identity and all it can read, for good. Type its name to go on: " << std::flush;
        if (ui::read_line(STDIN_FILENO) != name) return complain({Errc::bad_input, "nothing was deleted"});
    }
    const auto removed = store::Profile::remove(surroundings.places, name);
    return removed ? Exit::done : complain(removed.error());
}

}  // namespace

Result<store::Surroundings> surroundings() {
    auto places = store::default_places();
    if (!places) return std::unexpected(places.error());
    return store::Surroundings{std::move(*places)};
}

Result<store::Unlock> new_unlock(const ProfileChoice& choice) {
    if (!choice.key_file.empty()) return key_file(choice.key_file);
    return passphrase(choice.passphrase_fd ? ui::read_passphrase(*choice.passphrase_fd) : ask_twice());
}

Result<store::Unlock> unlock_for(const ProfileChoice& choice, store::Unlock::Kind kind) {
    if (!choice.key_file.empty()) return key_file(choice.key_file);
    if (choice.passphrase_fd) return passphrase(ui::read_passphrase(*choice.passphrase_fd));
    if (kind == store::Unlock::Kind::key_file) {
        return fail(Errc::wrong_key, "this profile opens with a key file: --key-file FILE");
    }
    return passphrase(ui::ask_passphrase("Passphrase of " + choice.name + ": "));
}

Result<std::unique_ptr<store::Profile>> open_profile(const ProfileChoice& choice, Random& random) {
    const auto where = surroundings();
    if (!where) return std::unexpected(where.error());
    const auto kind = store::Profile::kind_of(*where, choice.name);
    if (!kind) return std::unexpected(kind.error());
    const auto unlock = unlock_for(choice, *kind);
    if (!unlock) return std::unexpected(unlock.error());
    return store::Profile::open(*where, choice.name, *unlock, random);
}

bool says_what_opens_it(const ProfileChoice& choice) { return !choice.key_file.empty() || choice.passphrase_fd; }

Status keep_run(Home& home, const ProfileChoice& choice, std::string_view name) {
    if (!says_what_opens_it(choice)) {
        return fail(Errc::bad_input,
                    "say at the start what shall open it: parley --key-file FILE, or --passphrase-fd N");
    }
    const auto unlock = new_unlock(choice);
    if (!unlock) return std::unexpected(unlock.error());
    return keep_run(home, *unlock, name);
}

Status keep_run(Home& home, const store::Unlock& unlock, std::string_view name) {
    if (home.is_kept()) return fail(Errc::wrong_state, "this run has a profile already");
    const auto where = surroundings();
    if (!where) return std::unexpected(where.error());
    return home.keep(*where, name, unlock);
}

Exit manage_profiles(const ManageProfiles& task, const ProfileChoice& choice) {
    const auto where = surroundings();
    if (!where) return complain(where.error());
    switch (task.what) {
        case ManageProfiles::What::make: return make(*where, choice.name, choice);
        case ManageProfiles::What::list: return list(*where);
        case ManageProfiles::What::show: return show(choice);
        case ManageProfiles::What::export_: return export_(*where, choice.name);
        case ManageProfiles::What::remove: return remove(*where, choice.name, task.certain);
    }
    return Exit::wrong_use;
}

}  // namespace parley::app
