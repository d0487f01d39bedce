// What is inside a profile: a person and the rooms they were in.
//
//   version 1 || persona || rooms: link fields || last used || saved state
#pragma once

#include <memory>
#include <vector>

#include "client/contacts.h"
#include "identity/link.h"

namespace parley::store {

struct Room {
    identity::Link link;
    client::WallSeconds last_used = 0;
    SecretBytes state{};  ///< of its client; empty: never saved
};

struct Contents {
    client::Persona persona;
    std::vector<Room> rooms{};
};

SecretBytes encode(const client::Persona& persona, const std::vector<std::unique_ptr<Room>>& rooms);
/// Errors: as client::restore_persona. The state of a room is judged by whoever restores it.
Result<Contents> decode_contents(ByteView bytes);

}  // namespace parley::store
