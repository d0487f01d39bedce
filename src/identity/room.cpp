#include "identity/room.h"

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/labels.h"

namespace parley::identity {

RoomId room_id(const RoomSecret& secret) {
    return RoomId(crypto::hkdf<32>({}, secret.reveal(), {crypto::labels::room_id}).reveal());
}

RoomKey room_key(const RoomSecret& secret) {
    return RoomKey(crypto::hkdf<32>({}, secret.reveal(), {crypto::labels::room_key}).reveal());
}

RoomSecret lobby_secret() { return RoomSecret(crypto::sha256({crypto::labels::lobby}).view()); }

}  // namespace parley::identity
