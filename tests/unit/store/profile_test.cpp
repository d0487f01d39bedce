// A profile: what it keeps, what it refuses, and what it says about old copies (FAULTS C15, C16, H01, H02).
#include "store/profile.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "client/client.h"
#include "client/save.h"
#include "support/damage.h"
#include "unit/store/support.h"

namespace parley::store {
namespace {

using test::key_file;
using test::passphrase;
using test::ProfileFolder;
using testing::ElementsAre;

identity::Link link_to(std::uint8_t byte, std::uint16_t port = 5555) {
    return {{"127.0.0.1", port}, identity::RoomSecret(ByteView(Bytes(32, byte)).first<32>()), {}};
}

struct Fixture {
    ProfileFolder temporary{};
    test::SeededRandom random{1};

    auto create(std::string_view name = "anna", const Unlock& unlock = key_file()) {
        return Profile::create(temporary.surroundings(), name, unlock,
                               std::make_shared<client::Persona>(identity::Identity::generate(random)), random);
    }
    auto open(std::string_view name = "anna", const Unlock& unlock = key_file()) {
        return Profile::open(temporary.surroundings(), name, unlock, random);
    }
    Errc refusal(const Unlock& unlock = key_file()) {
        const auto opened = open("anna", unlock);
        return opened ? Errc::closed : opened.error().code;
    }
    Bytes bytes() const { return test::read_file(temporary.profile("anna")); }
    void write(ByteView bytes) const { test::write_file(temporary.profile("anna"), bytes); }
};

TEST(Profile, KeepsThePersonAndTheRooms) {
    Fixture fixture;
    FixedBytes<identity::PublicIdentity::size> who;
    {
        const auto profile = fixture.create().value();
        who = profile->persona().identity.public_identity().bytes();
        const auto friend_ = identity::Identity::generate(fixture.random);
        profile->persona().contacts.verify(friend_.public_identity(), "ben");
        profile->use(link_to(1), 100).state = SecretBytes(bytes_of("the state of a room"));
        profile->use(link_to(2), 200);
        profile->use(link_to(1, 6666), 200);
        ASSERT_TRUE(profile->save().has_value());
    }
    const auto profile = fixture.open().value();
    EXPECT_EQ(profile->persona().identity.public_identity().bytes(), who);
    ASSERT_EQ(profile->persona().contacts.all().size(), 1U);
    EXPECT_EQ(profile->persona().contacts.all().begin()->second.standing, client::Standing::verified);
    const auto rooms = profile->rooms();
    ASSERT_EQ(rooms.size(), 3U);
    EXPECT_EQ(rooms[0]->link.relay.port, 6666);  // used last, within the same second
    EXPECT_EQ(rooms[1]->last_used, 200);
    EXPECT_EQ(text_of(rooms[2]->state.reveal()), "the state of a room");
}

// FAULTS H04
TEST(Profile, OpensWithItsPassphraseOnly) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create("anna", passphrase("one")).has_value());
    EXPECT_EQ(fixture.refusal(passphrase("two")), Errc::wrong_key);
    EXPECT_EQ(fixture.refusal(passphrase("one ")), Errc::wrong_key);
    EXPECT_EQ(fixture.refusal(key_file()), Errc::wrong_key);
    EXPECT_EQ(fixture.refusal(passphrase("one")), Errc::closed);
}

// FAULTS H04
TEST(Profile, RefusesKeysThatProtectNothing) {
    Fixture fixture;
    EXPECT_EQ(fixture.create("anna", passphrase("")).error().code, Errc::bad_input);
    const Unlock short_file{Unlock::Kind::key_file, SecretBytes(ByteView(Bytes(31, 1)))};
    EXPECT_EQ(fixture.create("anna", short_file).error().code, Errc::bad_input);
}

TEST(Profile, IsNotOverwrittenByANewOne) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create().has_value());
    const auto before = fixture.bytes();
    EXPECT_EQ(fixture.create().error().code, Errc::bad_input);
    fixture.write(bytes_of("damaged"));
    EXPECT_EQ(fixture.create().error().code, Errc::bad_input);
    EXPECT_EQ(text_of(fixture.bytes()), "damaged");
}

// FAULTS C16
TEST(Profile, IsOpenOnceAtATime) {
    Fixture fixture;
    const auto first = fixture.create().value();
    EXPECT_EQ(fixture.refusal(), Errc::in_use);
    EXPECT_EQ(Profile::remove(fixture.temporary.surroundings().places, "anna").error().code, Errc::in_use);
}

// FAULTS H01: each is told as damage, and the file stays as it is.
TEST(Profile, DamageIsToldAndNothingIsOverwritten) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create().has_value());
    const auto whole = fixture.bytes();
    const auto is_damage = [&](const Bytes& damaged) {
        fixture.write(damaged);
        EXPECT_EQ(fixture.refusal(), Errc::damaged);
        EXPECT_EQ(fixture.bytes(), damaged);
    };
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 7) is_damage(test::with_bit_flipped(whole, bit));
    for (std::size_t size = 0; size < whole.size(); size += 5) is_damage(to_bytes(ByteView(whole).first(size)));
    is_damage({});
    fixture.write(whole);
    EXPECT_EQ(fixture.refusal(), Errc::closed);
}

// FAULTS H01
TEST(Profile, AGigabyteIsDamageAtOnce) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create().has_value());
    ASSERT_EQ(::truncate(fixture.temporary.profile("anna").c_str(), off_t{1} << 30U), 0);
    EXPECT_EQ(fixture.refusal(), Errc::damaged);
}

// FAULTS C15
TEST(Profile, AnOldCopyIsTold) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create().has_value());
    const auto old_copy = fixture.bytes();
    ASSERT_TRUE(fixture.open().value()->save().has_value());
    EXPECT_FALSE(fixture.open().value()->is_older_copy());
    fixture.write(old_copy);
    {
        const auto profile = fixture.open().value();
        EXPECT_TRUE(profile->is_older_copy());
        ASSERT_TRUE(profile->save().has_value());
    }
    EXPECT_FALSE(fixture.open().value()->is_older_copy());  // the person knows, and went on with it
    fixture.write(old_copy);
    EXPECT_TRUE(fixture.open().value()->is_older_copy());
}

// The twin: without its witness an old copy looks like any other. A false witness says nothing either.
TEST(Profile, TwinWithoutAWitnessKnowsNothing) {
    Fixture fixture;
    ASSERT_TRUE(fixture.create().has_value());
    const auto old_copy = fixture.bytes();
    ASSERT_TRUE(fixture.open().value()->save().has_value());
    fixture.write(old_copy);
    const auto witness = fixture.temporary.surroundings().places.witnesses + "/anna";
    auto forged = test::read_file(witness);
    ASSERT_EQ(forged.size(), 40U);
    forged[7] = 200;
    test::write_file(witness, forged);
    EXPECT_FALSE(fixture.open().value()->is_older_copy());
    std::filesystem::remove(witness);
    EXPECT_FALSE(fixture.open().value()->is_older_copy());
}

// FAULTS H02: the size of files is limited to what the profile has now, so that no new byte can be written.
TEST(Profile, ASaveThatFailsLeavesTheOldStateAndTheNextOneMayDo) {
    Fixture fixture;
    const auto profile = fixture.create().value();
    const auto before = fixture.bytes();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit former{};
    ::getrlimit(RLIMIT_FSIZE, &former);
    const rlimit full{before.size(), former.rlim_max};
    profile->use(link_to(1), 1);
    ::setrlimit(RLIMIT_FSIZE, &full);
    const auto saved = profile->save();
    ::setrlimit(RLIMIT_FSIZE, &former);
    ASSERT_FALSE(saved.has_value());
    EXPECT_EQ(saved.error().code, Errc::storage);
    EXPECT_EQ(fixture.bytes(), before);
    EXPECT_TRUE(profile->save().has_value());
    EXPECT_NE(fixture.bytes(), before);
}

TEST(Profile, ShowsNothingOfWhatIsInside) {
    Fixture fixture;
    {
        const auto profile = fixture.create().value();
        profile->use(link_to(0x61), 1).state = SecretBytes(bytes_of("the state of a room"));
        ASSERT_TRUE(profile->save().has_value());
    }
    const auto file = fixture.bytes();
    const auto contains = [&](std::string_view text) { return text_of(file).find(text) != std::string_view::npos; };
    EXPECT_FALSE(contains("the state") || contains("127.0.0.1") || contains(std::string(32, 'a')));
    EXPECT_TRUE(contains("parleypf"));  // the twin
}

TEST(Profile, ListExportAndRemove) {
    Fixture fixture;
    const auto places = fixture.temporary.surroundings().places;
    ASSERT_TRUE(fixture.create("anna").has_value());
    ASSERT_TRUE(fixture.create("ben", passphrase("x")).has_value());
    EXPECT_THAT(Profile::names(places).value(), ElementsAre("anna", "ben"));
    EXPECT_EQ(Profile::kind_of(fixture.temporary.surroundings(), "ben").value(), Unlock::Kind::passphrase);
    const auto backup = Profile::exported(fixture.temporary.surroundings(), "anna").value();
    EXPECT_TRUE(equal(backup.reveal(), fixture.bytes()));
    EXPECT_TRUE(Profile::remove(places, "anna").has_value());
    EXPECT_THAT(Profile::names(places).value(), ElementsAre("ben"));
    EXPECT_EQ(Profile::remove(places, "anna").error().code, Errc::not_found);
    EXPECT_EQ(fixture.open("../ben").error().code, Errc::bad_input);
}

// Each room is written as it was saved last, whatever another one is in the middle of.
TEST(Profile, ARoomsStorageSavesThatRoom) {
    Fixture fixture;
    const auto profile = fixture.create().value();
    auto& room = profile->use(link_to(1), 1);
    client::Client client({room.link.secret.duplicate(), "anna", 600, {}}, profile->persona(), fixture.random);
    const auto storage = profile->storage_of(room);
    ASSERT_TRUE(storage->save(client).has_value());
    EXPECT_GT(room.state.size(), 1000U);
    auto again = client::Client::restore({room.link.secret.duplicate(), "anna", 600, {}}, profile->persona(),
                                         fixture.random, room.state.reveal(), {});
    EXPECT_TRUE(again.has_value());
}

}  // namespace
}  // namespace parley::store
