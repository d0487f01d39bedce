#include "store/witness.h"

#include "base/codec.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/labels.h"

namespace parley::store {

Bytes encode_witness(std::uint64_t generation, const LockedKey& key, const KeySource& source) {
    Bytes bytes;
    Writer(bytes).number(generation);
    const auto own = crypto::hkdf<32>(source.salt, key.reveal(), {crypto::labels::profile_witness});
    FixedBytes<32> mac;
    crypto::hmac_sha256(own.reveal(), {source.salt, bytes}, mac);
    append(bytes, mac);
    return bytes;
}

std::optional<std::uint64_t> read_witness(ByteView bytes, const LockedKey& key, const KeySource& source) {
    const auto generation = Reader(bytes).number<std::uint64_t>();
    const auto genuine = encode_witness(generation, key, source);
    return equal_constant_time(genuine, bytes) ? std::optional(generation) : std::nullopt;
}

}  // namespace parley::store
