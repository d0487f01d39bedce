// PROTOCOL 2.4: what a secret means, and that a relay learns none of it.
#include "identity/room.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/labels.h"

namespace parley::identity {
namespace {

RoomSecret secret(std::uint8_t byte) {
    return RoomSecret::filled([byte](auto out) { std::ranges::fill(out, byte); });
}

TEST(Room, is_named_by_its_secret_and_by_nothing_else) {
    EXPECT_EQ(room_id(secret(1)), room_id(secret(1)));
    EXPECT_NE(room_id(secret(1)), room_id(secret(2)));
}

// ATTACKS 1, 14: the name that a relay sees is neither the secret nor the key.
TEST(Room, has_a_name_apart_from_its_key_and_its_secret) {
    EXPECT_FALSE(equal(room_id(secret(1)).view(), room_key(secret(1)).reveal()));
    EXPECT_FALSE(equal(room_id(secret(1)).view(), secret(1).reveal()));
    EXPECT_FALSE(equal(room_key(secret(1)).reveal(), secret(1).reveal()));
}

TEST(Room, is_derived_as_the_specification_says) {
    const auto id = crypto::hkdf<32>({}, secret(3).reveal(), {bytes_of("parley/1 room id.")});
    const auto key = crypto::hkdf<32>({}, secret(3).reveal(), {bytes_of("parley/1 room key.")});
    EXPECT_TRUE(equal(room_id(secret(3)).view(), id.reveal()));
    EXPECT_TRUE(equal(room_key(secret(3)).reveal(), key.reveal()));
}

TEST(Room, of_the_lobby_is_one_and_the_same_everywhere) {
    const auto expected = crypto::sha256({bytes_of("parley/1 the lobby's public secret.")});
    EXPECT_TRUE(equal(lobby_secret().reveal(), expected.view()));
}

}  // namespace
}  // namespace parley::identity
