// When parley send and parley recv have done what they were started for.
#include "app/errand.h"

#include <gtest/gtest.h>

namespace parley::app {
namespace {

client::Person person(std::uint8_t number, client::Presence presence = client::Presence::present) {
    client::Person somebody;
    somebody.id =
        client::IdentityId(ByteView(Bytes(client::IdentityId::size, number)).first<client::IdentityId::size>());
    somebody.presence = presence;
    return somebody;
}
const auto us = person(1);
const auto ben = person(2);
const auto clara = person(3);

client::FileInfo ours(client::FileNumber number = 1) { return {number, us, true, "photo.jpg", 1000}; }
client::FileInfo bens() { return {1, ben, false, "photo.jpg", 1000}; }

struct Course {
    Errand errand{};

    template <class... Events>
    explicit Course(const Events&... events) {
        (errand.on_event(events), ...);
    }
};

TEST(Errand, WithoutFilesIsNotDone) {
    const Course run(client::ChannelEstablished{ben});
    EXPECT_FALSE(run.errand.is_done());
    EXPECT_FALSE(run.errand.succeeded());
}

TEST(Errand, OfASenderIsDoneWhenWhoTookItHasIt) {
    Course run(client::ChannelEstablished{ben}, client::FileOffered{ours()});
    EXPECT_FALSE(run.errand.is_done());
    run.errand.on_event(client::FileAnswered{ours(), ben, true});
    EXPECT_FALSE(run.errand.is_done());
    run.errand.on_event(client::FileDone{ours(), ben, {}});
    EXPECT_TRUE(run.errand.is_done());
    EXPECT_TRUE(run.errand.succeeded());
}

TEST(Errand, OfASenderWaitsForEachWhoTookIt) {
    Course run(client::FileOffered{ours()}, client::FileAnswered{ours(), ben, true},
               client::FileAnswered{ours(), clara, true}, client::FileDone{ours(), ben, {}});
    EXPECT_FALSE(run.errand.is_done());
    run.errand.on_event(client::FileFailed{ours(), clara, "stopped it there"});
    EXPECT_TRUE(run.errand.is_done());
    EXPECT_TRUE(run.errand.succeeded()) << "one has it";
}

TEST(Errand, ThatNobodyWantsIsDoneAndFailed) {
    const Course run(client::ChannelEstablished{ben}, client::FileOffered{ours()},
                     client::FileAnswered{ours(), ben, false});
    EXPECT_TRUE(run.errand.is_done());
    EXPECT_FALSE(run.errand.succeeded());
}

TEST(Errand, KnowsWhoHesitates) {
    Course run(client::ChannelEstablished{ben}, client::ChannelEstablished{clara}, client::FileOffered{ours()},
               client::FileAnswered{ours(), ben, true}, client::FileDone{ours(), ben, {}});
    EXPECT_TRUE(run.errand.is_done());
    EXPECT_TRUE(run.errand.somebody_hesitates());
    run.errand.on_event(client::PresenceChanged{person(3, client::Presence::gone)});
    EXPECT_FALSE(run.errand.somebody_hesitates());
}

TEST(Errand, OfFilesIsDoneWhenEachIs) {
    Course run(client::FileOffered{ours(1)}, client::FileOffered{ours(2)}, client::FileAnswered{ours(1), ben, true},
               client::FileDone{ours(1), ben, {}});
    EXPECT_FALSE(run.errand.is_done());
    run.errand.on_event(client::FileFailed{ours(2), {}, "this file cannot be opened"});
    EXPECT_TRUE(run.errand.is_done());
    EXPECT_FALSE(run.errand.succeeded()) << "one never arrived";
}

TEST(Errand, OfAReceiverIsDoneWhenTheFileIsWholeOrFailed) {
    Course whole(client::FileOffered{bens()}, client::FileDone{bens(), {}, "/in/photo.jpg"});
    EXPECT_TRUE(whole.errand.is_done() && whole.errand.succeeded());
    Course failed(client::FileOffered{bens()}, client::FileFailed{bens(), {}, "the disk is full"});
    EXPECT_TRUE(failed.errand.is_done());
    EXPECT_FALSE(failed.errand.succeeded());
}

// What a former run began counts as what this one does.
TEST(Errand, ThatGoesOnWaitsForWhatIsLeft) {
    Course sender(client::FileOffered{ours(), true}, client::FileAnswered{ours(), ben, true},
                  client::FileAnswered{ours(), clara, true}, client::FileDone{ours(), ben, {}});
    EXPECT_FALSE(sender.errand.is_done());
    sender.errand.on_event(client::FileDone{ours(), clara, {}});
    EXPECT_TRUE(sender.errand.is_done() && sender.errand.succeeded());
    Course receiver(client::FileOffered{bens(), true});
    EXPECT_FALSE(receiver.errand.is_done());
}

}  // namespace
}  // namespace parley::app
