// What a member shows the room (PROTOCOL 2.7): padded to 1,024 bytes and sealed under the room key.
//
//   card   = version 1 || number (u64) || identity (130) || certificate (64) || random (32)
//            || name length (u8) || name || zeros                                     1,024 bytes
//   sealed = salt (16) || box of 3.6 over the card, AAD = room id || seat id          1,088 bytes
#pragma once

#include <string>

#include "base/names.h"
#include "identity/identity.h"
#include "identity/room.h"

namespace parley::identity {

inline constexpr std::size_t card_size = 1024;
inline constexpr std::size_t sealed_card_size = 1088;
inline constexpr std::size_t max_name_size = 64;  ///< bytes of UTF-8, at least one

struct Card {
    std::uint64_t number;  ///< only rises
    PublicIdentity identity;
    Certificate certificate;
    FixedBytes<32> random;
    std::string name;
};

/// Where a card is shown: moved to another room or seat it does not open.
struct Place {
    RoomId room;
    SeatId seat;
};

bool is_acceptable_name(std::string_view name);

Bytes encode(const Card& card);
/// Errors: truncated, trailing, not_canonical, bad_key, bad_tag (certificate), bad_input (name).
Result<Card> decode_card(ByteView plaintext);

Bytes seal_card(ByteView plaintext, const RoomKey& key, const Place& place, Random& random);
/// The plaintext, for transcripts. Errors: truncated, bad_tag.
Result<Bytes> open_card(ByteView sealed, const RoomKey& key, const Place& place);

}  // namespace parley::identity
