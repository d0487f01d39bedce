// Whom the user knows, and what that means in a room (PROTOCOL 2.3, FAULTS C05, T06).
#include <gmock/gmock.h>

#include "client/contacts.h"
#include "world/world.h"

namespace parley::client {
namespace {

using namespace std::chrono_literals;
using test::SeededRandom;
using test::World;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class ContactsTest : public testing::Test {
protected:
    identity::PublicIdentity somebody() { return identity::Identity::generate(random_).public_identity(); }

    SeededRandom random_{7};
    Contacts contacts_;
};

TEST_F(ContactsTest, a_stranger_is_not_verified) {
    const auto anna = somebody();
    EXPECT_EQ(contacts_.trust_in(id_of(anna)), Trust::not_verified);
    contacts_.met(anna, "anna");
    EXPECT_EQ(contacts_.trust_in(id_of(anna)), Trust::not_verified);
}

TEST_F(ContactsTest, verified_ends_with_a_lost_state) {
    const auto anna = somebody();
    contacts_.verify(anna, "anna");
    EXPECT_EQ(contacts_.trust_in(id_of(anna)), Trust::verified);
    contacts_.unverify(id_of(anna));
    EXPECT_EQ(contacts_.trust_in(id_of(anna)), Trust::not_verified);
}

// FAULTS C05, T06
TEST_F(ContactsTest, only_the_names_of_pinned_people_are_taken) {
    const auto anna = somebody();
    const auto other = somebody();
    contacts_.met(anna, "anna");
    EXPECT_FALSE(contacts_.imitates("Anna", id_of(other)));
    contacts_.verify(anna, "anna");
    EXPECT_TRUE(contacts_.imitates("Anna", id_of(other)));
    EXPECT_FALSE(contacts_.imitates("anna", id_of(anna)));
    contacts_.call(id_of(anna), "boss");
    EXPECT_TRUE(contacts_.imitates("Boss", id_of(other)));
}

TEST_F(ContactsTest, a_name_that_a_person_accepted_imitates_nobody) {
    const auto anna = somebody();
    const auto other = somebody();
    contacts_.verify(anna, "anna");
    contacts_.suspect(other, "anna");
    EXPECT_EQ(contacts_.trust_in(id_of(other)), Trust::key_changed);
    contacts_.trust(id_of(other));
    EXPECT_EQ(contacts_.trust_in(id_of(other)), Trust::not_verified);
    EXPECT_FALSE(contacts_.imitates("anna", id_of(other)));
}

// Public identities can be shown by anybody: that takes nothing from the one they belong to.
TEST_F(ContactsTest, suspicion_never_touches_somebody_we_know) {
    const auto anna = somebody();
    contacts_.verify(anna, "anna");
    contacts_.suspect(anna, "ben");
    EXPECT_EQ(contacts_.trust_in(id_of(anna)), Trust::verified);
    EXPECT_EQ(contacts_.find(id_of(anna))->name, "anna");
}

TEST_F(ContactsTest, remembers_when_somebody_was_seen_first_and_last) {
    const auto anna = somebody();
    contacts_.met(anna, "anna");
    contacts_.seen(id_of(anna), 100);
    contacts_.seen(id_of(anna), 200);
    EXPECT_EQ(contacts_.find(id_of(anna))->first_seen, 100);
    EXPECT_EQ(contacts_.find(id_of(anna))->last_seen, 200);
}

TEST(People, who_is_pinned_beforehand_is_verified_once_the_handshake_is_confirmed) {
    World world;
    const auto anna = world.add({.name = "anna"});
    const auto ben = world.add({.name = "ben"});
    world.contacts(anna).verify(world.identity(ben), "ben");
    world.start(anna);
    world.start(ben);
    world.settle(1s);
    const auto channels = world.shown<ChannelEstablished>(anna);
    ASSERT_EQ(channels.size(), 1U);
    EXPECT_EQ(channels[0].person.trust, Trust::verified);
    EXPECT_EQ(world.shown<ChannelEstablished>(ben).at(0).person.trust, Trust::not_verified);
}

TEST(People, who_is_blocked_hears_nothing_and_is_not_heard_until_trusted) {
    World world;
    world.start_all({"anna", "ben", "clara"});
    world.settle(4s);
    world.command(0, Block{{"ben"}});
    world.say(0, "not for ben");
    world.say(1, "from ben");
    world.settle(4s);
    EXPECT_THAT(world.messages(1), IsEmpty());
    EXPECT_THAT(world.messages(0), IsEmpty());
    EXPECT_THAT(world.messages(2), ElementsAre("anna: not for ben", "ben: from ben"));
    world.command(0, Accept{{"ben"}});
    world.say(0, "for both");
    world.run_for(60s);
    EXPECT_THAT(world.messages(1), Contains("anna: for both"));
    // What was not opened while blocked comes after all: its author still holds it.
    EXPECT_THAT(world.messages(0), ElementsAre("ben: from ben"));
}

/// Whether this is saved before anything else happens.
bool is_saved(const Command& command) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    const auto before = world.saves(0);
    world.command(0, command);
    return world.saves(0) > before;
}

TEST(People, what_a_person_decides_is_saved_at_once) {
    EXPECT_TRUE(is_saved(Rename{"annika"}));
    EXPECT_TRUE(is_saved(Call{{"ben"}, "boss"}));
    EXPECT_TRUE(is_saved(Block{{"ben"}}));
    EXPECT_TRUE(is_saved(Accept{{"ben"}}));
    EXPECT_TRUE(is_saved(SetTimeToLive{60}));
    EXPECT_FALSE(is_saved(ListPeople{})) << "nothing was decided";
}

TEST(People, who_is_blocked_stays_so_in_another_seat) {
    World world;
    world.start_all({"anna", "ben"});
    world.settle(1s);
    world.contacts(0).block(id_of(world.identity(1)));
    world.client(0).on_contacts_changed(world.now());
    world.say(1, "hello?");
    world.settle(1s);
    EXPECT_THAT(world.messages(0), IsEmpty());
}

TEST(People, nobody_gets_the_name_of_a_pinned_person_by_renaming) {
    World world;
    world.start_all({"anna", "ben", "clara"});
    world.settle(4s);
    world.contacts(0).verify(world.identity(1), "ben");
    world.command(2, Rename{"B e n"});
    world.say(2, "it is me, ben");
    world.settle(4s);
    EXPECT_THAT(world.alarms(0), Contains(AlarmKind::key_changed));
    EXPECT_THAT(world.messages(0), IsEmpty());
    world.command(0, Accept{{"clara"}});
    world.run_for(60s);
    EXPECT_THAT(world.messages(0), ElementsAre("B e n: it is me, ben"));
    EXPECT_THAT(world.messages(1), ElementsAre("B e n: it is me, ben"));
}

}  // namespace
}  // namespace parley::client
