// parley profile new, list, show, export, delete; and opening one for a run.
#pragma once

#include "app/home.h"
#include "app/options.h"
#include "store/profile.h"

namespace parley::app {

/// What opens the chosen profile: a key file, a descriptor, or the terminal. Errors are one line for the user.
Result<store::Unlock> unlock_for(const ProfileChoice& choice, store::Unlock::Kind kind);
Result<store::Unlock> new_unlock(const ProfileChoice& choice);

Result<store::Surroundings> surroundings();
Result<std::unique_ptr<store::Profile>> open_profile(const ProfileChoice& choice, Random& random);

/// /keep: the identity of this run, with its people and rooms, becomes a profile.
Status keep_run(Home& home, const ProfileChoice& choice, std::string_view name);
/// With what was typed meanwhile.
Status keep_run(Home& home, const store::Unlock& unlock, std::string_view name);
/// A key file or a descriptor was named when the run began.
bool says_what_opens_it(const ProfileChoice& choice);
inline constexpr std::string_view keep_told =
    "Kept: the same identity from now on, so that there is nothing to verify again. It links the rooms it was used in.";

Exit manage_profiles(const ManageProfiles& task, const ProfileChoice& choice);

}  // namespace parley::app
