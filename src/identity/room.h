// What holding a link means (PROTOCOL 2.4): a secret, the room's name and the key of its cards.
#pragma once

#include "base/names.h"
#include "base/secret.h"

namespace parley::identity {

using RoomSecret = Secret<struct RoomSecretTag, 32>;
using RoomKey = Secret<struct RoomKeyTag, 32>;

RoomId room_id(const RoomSecret& secret);
RoomKey room_key(const RoomSecret& secret);

/// The one room whose secret everybody knows: convenient, and its cards can be read by all.
RoomSecret lobby_secret();

}  // namespace parley::identity
