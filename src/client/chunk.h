// A chunk of a file as a body (PROTOCOL 4.3). Sealed once, whoever it goes to.
//
//   body    = 04 || locator (16) || salt (16) || box
//   locator = t || i XOR HMAC(secret, label file_locator_mask || t)[0..8]
//             where t = HMAC(secret, label file_locator || i)[0..8]
//   box     = 3.6 over chunk || zeros, AAD = label file_chunk_box || i || last
//
// Who holds the secret reads i from the locator wherever the sender is; to everyone else it is 16 bytes.
#pragma once

#include <optional>

#include "base/random.h"
#include "client/file_offer.h"

namespace parley::client {

Bytes seal_chunk(const FileOffer& offer, std::uint64_t index, ByteView chunk, Random& random);

/// Which chunk of this offer a body says it is; none: it belongs to something else.
std::optional<std::uint64_t> locate_chunk(const FileOffer& offer, ByteView body);

/// The chunk, of exactly the size that its place asks for. Errors: bad_tag, not_canonical.
Result<Bytes> open_chunk(const FileOffer& offer, std::uint64_t index, ByteView body);

}  // namespace parley::client
