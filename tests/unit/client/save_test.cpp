// A room as bytes: canonical, strict, and free of what is used up (ATTACKS 19, FAULTS H01).
#include "client/save.h"

#include <gmock/gmock.h>

#include "crypto/hmac.h"
#include "ratchet/save.h"
#include "support/damage.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using test::World;

bool contains(ByteView bytes, ByteView needle) { return !std::ranges::search(bytes, needle).empty(); }

/// Files on their way in both directions, one that waits for an answer, one that came to its end.
void exchange_files(World& world) {
    for (const std::size_t who : {0U, 1U}) world.disk(who).files["/f"] = Bytes(300 * client::chunk_size, 1);
    world.disk(1).files["/small"] = {1, 2, 3};
    for (const auto* path : {"/small", "/small", "/f"}) world.command(1, client::SendFile{path});
    world.command(0, client::SendFile{"/f"});
    world.settle();
    for (const std::uint64_t file : {1U, 3U}) world.command(0, client::GetFile{file, "/in"});
    for (const std::size_t who : {1U, 2U}) world.command(who, client::GetFile{4, "/in"});
    world.run_for(30ms);
    world.disk(0).hold(true);
    world.command(0, client::SendFile{"/f", true});
}

/// A world in which every part of a state holds something.
void live_a_little(World& world) {
    for (const auto* name : {"anna", "ben", "clara"}) world.start(world.add({.name = name, .keeps_seat = true}));
    world.settle();
    for (int i = 0; i < 3; ++i) {
        world.say(0, "from anna " + std::to_string(i));
        world.say(1, "from ben " + std::to_string(i));
        world.settle();
    }
    exchange_files(world);
    world.kill(2);
    world.say(0, "for clara, who is away");
    world.command(0, client::Rename{"anne"});
    world.run_for(300ms);
    world.kill_relay();
    world.say(0, "in the outbox");
    world.say(0, "behind it");
}

struct Restored {
    test::SeededRandom random{99};
    client::Persona persona;
    std::unique_ptr<client::Client> client;
};

Result<std::unique_ptr<client::Client>> restore_room(World& world, client::Persona& persona, Random& random,
                                                     ByteView room) {
    client::Config config{identity::RoomSecret(ByteView(Bytes(32, 1)).first<32>()), "anna", 600, {}};
    return client::Client::restore(std::move(config), persona, random, room, {.now = world.now()});
}

TEST(Save, RestoresToTheSameBytes) {
    World world;
    live_a_little(world);
    auto persona = client::restore_persona(world.saved(0)->persona).value();
    test::SeededRandom random(99);
    const auto room = world.client(0).save(world.now());
    const auto again = restore_room(world, persona, random, room.reveal());
    ASSERT_TRUE(again.has_value()) << again.error().what;
    const auto saved_again = (*again)->save(world.now());
    EXPECT_TRUE(equal(saved_again.reveal(), room.reveal()));
    EXPECT_TRUE(equal(client::save(persona).reveal(), world.saved(0)->persona));
}

TEST(Save, ThatWasCutOrExtendedIsRefused) {
    World world;
    live_a_little(world);
    auto persona = client::restore_persona(world.saved(0)->persona).value();
    test::SeededRandom random(99);
    const auto room = world.client(0).save(world.now());
    const auto whole = room.reveal();
    for (std::size_t size = 0; size < whole.size(); size += 1 + size / 50) {
        EXPECT_FALSE(restore_room(world, persona, random, whole.first(size))) << size;
    }
    EXPECT_FALSE(restore_room(world, persona, random, test::extended_by(whole, 0)));
}

// PROTOCOL 8.1: what was written before chains were counted is read.
TEST(Save, WithoutChainsOfOursIsRead) {
    World world;
    for (const auto* name : {"anna", "ben"}) world.start(world.add({.name = name, .keeps_seat = true}));
    world.settle();
    world.say(0, "opened and acknowledged: nothing is stored");
    world.settle();
    auto persona = client::restore_persona(world.saved(0)->persona).value();
    test::SeededRandom random(99);
    const auto room = world.client(0).save(world.now());
    constexpr std::size_t chain_with_ben = 4;
    auto earlier = to_bytes(room.reveal().first(room.size() - chain_with_ben));
    EXPECT_FALSE(restore_room(world, persona, random, earlier));
    earlier.front() = 2;
    EXPECT_TRUE(restore_room(world, persona, random, earlier));
}

// One encoding: whatever a changed bit still restores to, it saves to exactly the changed bytes.
TEST(Save, HasOneEncodingForEachState) {
    World world;
    live_a_little(world);
    auto persona = client::restore_persona(world.saved(0)->persona).value();
    test::SeededRandom random(99);
    const auto room = world.client(0).save(world.now());
    const auto bits = room.size() * 8;
    for (std::size_t bit = 0; bit < bits; bit += 1 + bits / 1500) {
        const auto damaged = test::with_bit_flipped(room.reveal(), bit);
        const auto restored = restore_room(world, persona, random, damaged);
        if (!restored) continue;
        EXPECT_TRUE(equal((*restored)->save(world.now()).reveal(), damaged)) << "bit " << bit;
    }
}

TEST(Save, OfAPersonRestoresOnlyFromExactlyItsBytes) {
    World world;
    live_a_little(world);
    const auto& whole = world.saved(0)->persona;
    const auto wrong = test::accepted_damage(whole, [](const Bytes& damaged) {
        const auto persona = client::restore_persona(damaged);
        return persona && !equal(client::save(*persona).reveal(), damaged);
    });
    EXPECT_EQ(wrong, 0U);
}

TEST(Save, OfAnotherRoomOrPersonIsRefused) {
    World world;
    live_a_little(world);
    const auto room = world.client(0).save(world.now());
    test::SeededRandom random(99);
    auto stranger = client::Persona{identity::Identity::generate(random)};
    EXPECT_FALSE(restore_room(world, stranger, random, room.reveal()));
    auto persona = client::restore_persona(world.saved(0)->persona).value();
    client::Config other{identity::RoomSecret(ByteView(Bytes(32, 2)).first<32>()), "anna", 600, {}};
    EXPECT_FALSE(client::Client::restore(std::move(other), persona, random, room.reveal(), {.now = world.now()}));
}

/// Every session within a saved room: a length and that many bytes that restore as one.
std::vector<ratchet::State<ratchet::Suite>> sessions_in(ByteView room) {
    std::vector<ratchet::State<ratchet::Suite>> found;
    for (std::size_t at = 0; at + 4 < room.size(); ++at) {
        Reader in(room.subspan(at));
        const auto size = in.number<std::uint32_t>();
        if (size > in.remaining() || size == 0) continue;
        auto state = ratchet::restore(in.take(size), Time{});
        if (state) found.push_back(std::move(*state));
    }
    return found;
}

/// Chain keys of a state, in both directions, and the message keys that come out of them.
std::vector<Bytes> keys_to_be_used(const ratchet::State<ratchet::Suite>& state) {
    std::vector<Bytes> keys;
    const auto add = [&](ByteView chain_key) {
        keys.push_back(to_bytes(chain_key));
        FixedBytes<32> message_key;
        crypto::hmac_sha256(chain_key, {ByteView(FixedBytes<1>{1})}, message_key);
        keys.push_back(to_bytes(message_key));
    };
    if (state.receiving) add(state.receiving->chain.key.reveal());
    if (const auto* sending = std::get_if<ratchet::Sending<ratchet::Suite>>(&state.turn)) {
        add(sending->chain.key.reveal());
        keys.push_back(to_bytes(sending->ours.key.save().reveal()));
    }
    keys.push_back(to_bytes(state.root.reveal()));
    return keys;
}

std::size_t found_in(ByteView room, const std::vector<Bytes>& keys) {
    return static_cast<std::size_t>(std::ranges::count_if(keys, [&](const Bytes& key) { return contains(room, key); }));
}

// ATTACKS 19: a round trip uses up every key that a state held before it.
TEST(Save, HoldsNoKeyThatIsUsedUp) {
    World world;
    world.start_all({"anna", "ben"});
    const auto round_trip = [&] {
        world.say(0, "there");
        world.settle();
        world.say(1, "and back");
        world.settle();
    };
    round_trip();
    for (int i = 0; i < 5; ++i) {
        for (const std::size_t who : {0U, 1U}) {
            const auto before = world.saved(who)->room;
            const auto sessions = sessions_in(before);
            ASSERT_EQ(sessions.size(), 1U);
            const auto keys = keys_to_be_used(sessions[0]);
            ASSERT_GE(keys.size(), 3U);
            round_trip();
            EXPECT_EQ(found_in(world.saved(who)->room, keys), 0U) << "person " << who << ", round " << i;
            // The twin, a state that was not saved again, still holds them: all but the message keys.
            EXPECT_GE(found_in(before, keys), keys.size() / 2);
        }
        world.restore(0);
        world.restore(1);
        world.settle();
    }
}

TEST(Save, HoldsNoTextThatBothHaveDealtWith) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle();
    const std::string text = "nobody needs to find this later";
    world.kill_relay();
    world.say(0, text);
    EXPECT_TRUE(contains(world.saved(0)->room, bytes_of(text)));  // it waits
    world.start_relay();
    world.run_for(60s);
    ASSERT_EQ(world.messages(1).size(), 1U);
    EXPECT_FALSE(contains(world.saved(0)->room, bytes_of(text)));
    EXPECT_FALSE(contains(world.saved(1)->room, bytes_of(text)));
}

}  // namespace
}  // namespace parley
