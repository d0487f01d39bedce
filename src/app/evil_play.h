// The demonstration with an attack: a relay, parley-evil's wire in front of it, and people who talk through it. First
// under the attack, then on an honest wire.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "hostile/catalogue.h"

namespace parley::app {

/// Plays at the relay of this port. Ends with 0 if nobody was shown what nobody said, or anything twice, and the last
/// words arrived. None where there is no such attack.
std::optional<std::function<int(std::uint16_t relay_port)>> find_evil_play(std::string_view attacks);

}  // namespace parley::app
