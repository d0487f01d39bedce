// How a run comes into its room: by a link it makes or was given, or by a spoken code.
#pragma once

#include "app/conversation.h"
#include "app/run.h"

namespace parley::app {

/// At the relay of the options, with a new secret.
identity::Link new_link(const Options& options, Random& random);

/// The room, or the exit code after one line said why there is none. `other_word` is what the other side asks of
/// parley to come in by a code: join, send or recv.
std::variant<Room, Exit> enter(Run& run, Entrance& entrance, std::string_view other_word);

}  // namespace parley::app
