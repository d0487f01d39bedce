// The public names that every layer speaks of.
#pragma once

#include "base/id.h"

namespace parley {

using RoomId = Id<struct RoomIdTag, 32>;        ///< HKDF of the room secret: all a relay learns of a room
using SeatId = Id<struct SeatIdTag, 16>;        ///< random, one per relay and room
using RoomEpoch = Id<struct RoomEpochTag, 16>;  ///< random, new when room or relay was reborn

}  // namespace parley
