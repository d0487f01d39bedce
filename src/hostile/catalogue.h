// Every attack by its name.
#pragma once

#include <span>

#include "base/error.h"
#include "hostile/attack.h"

namespace parley::hostile {

struct Entry {
    std::string_view name;
    std::string_view tries;  ///< one line
    std::size_t people;      ///< that it takes to see it
    AttackPtr (*make)(std::uint64_t seed);
};
std::span<const Entry> catalogue();

/// NAME or NAME,NAME,...: what one of them lets out goes through the next. Error: bad_input.
Result<AttackPtr> make_attack(std::string_view names, std::uint64_t seed);

/// All names, with commas.
std::string attack_names();

}  // namespace parley::hostile
