#include "client/history.h"

#include <gtest/gtest.h>

#include "client/limits.h"
#include "client/save.h"

namespace parley::client {
namespace {

using Verdict = Chain::Verdict;
using Claim = Chain::Claim;

/// What one author says, each content linked to the one before; two authors differ in `voice`.
struct Author {
    explicit Author(std::string voice = "one") : voice_(std::move(voice)) {}

    struct Link {
        Content content;
        ContentHash hash;
    };
    Link say() {
        Content content;
        content.k = ++k_;
        content.previous = last_;
        content.said = Text{voice_ + std::to_string(k_)};
        last_ = hash_of(encode(content));
        return {content, last_};
    }
    std::vector<Link> say(int count) {
        std::vector<Link> links;
        while (count-- > 0) links.push_back(say());
        return links;
    }

private:
    std::string voice_;
    std::uint64_t k_ = 0;
    ContentHash last_;
};

Verdict add(Chain& chain, const Author::Link& link) { return chain.add(link.content, link.hash); }

TEST(History, FollowsAChain) {
    Chain chain;
    for (const auto& link : Author().say(5)) EXPECT_EQ(add(chain, link), Verdict::next);
    EXPECT_EQ(chain.head().k, 5U);
    EXPECT_EQ(chain.missing(), 0U);
}

TEST(History, ALateJoinerBeginsWhereItCame) {
    Chain chain;
    const auto links = Author().say(5);
    EXPECT_EQ(add(chain, links[3]), Verdict::next);
    EXPECT_EQ(add(chain, links[4]), Verdict::next);
    EXPECT_EQ(chain.missing(), 0U);
}

// FAULTS H11
TEST(History, CountsWhatIsMissingAndTakesItLater) {
    Chain chain;
    const auto links = Author().say(5);
    add(chain, links[0]);
    EXPECT_EQ(add(chain, links[4]), Verdict::after_gap);
    EXPECT_EQ(chain.missing(), 3U);
    EXPECT_EQ(add(chain, links[2]), Verdict::filled);
    EXPECT_EQ(add(chain, links[1]), Verdict::filled);
    EXPECT_EQ(add(chain, links[3]), Verdict::filled);
    EXPECT_EQ(chain.head().k, 5U);
    EXPECT_EQ(chain.missing(), 0U);
}

TEST(History, WhatIsOlderThanTheFirstOneSeenIsTakenOnce) {
    Chain chain;
    const auto links = Author().say(3);
    add(chain, links[1]);
    EXPECT_EQ(add(chain, links[0]), Verdict::filled);
    EXPECT_EQ(add(chain, links[0]), Verdict::repeated);
}

TEST(History, ARepetitionIsNoFork) {
    Chain chain;
    const auto link = Author().say();
    add(chain, link);
    EXPECT_EQ(add(chain, link), Verdict::repeated);
}

// FAULTS C26
TEST(History, TheSameCounterWithOtherWordsIsAFork) {
    Chain chain;
    Author honest;
    Author other("two");
    add(chain, honest.say());
    EXPECT_EQ(add(chain, other.say()), Verdict::fork);
}

// FAULTS C26
TEST(History, AContentThatFollowsAnotherPastIsAFork) {
    Chain chain;
    Author honest;
    Author other("two");
    add(chain, honest.say());
    (void)other.say();
    EXPECT_EQ(add(chain, other.say()), Verdict::fork);
}

TEST(History, AFillerThatDoesNotFitWhatCameAfterItIsAFork) {
    Chain chain;
    const auto links = Author().say(3);
    const auto others = Author("two").say(3);
    add(chain, links[0]);
    add(chain, links[2]);
    EXPECT_EQ(add(chain, others[1]), Verdict::fork);
}

// FAULTS C26
TEST(History, ComparesWhatOthersHaveSeen) {
    Chain chain;
    const auto links = Author().say(4);
    const auto others = Author("two").say(4);
    EXPECT_EQ(chain.compare({2, links[1].hash}), Claim::unknown);
    for (int i = 0; i < 3; ++i) add(chain, links[static_cast<std::size_t>(i)]);
    EXPECT_EQ(chain.compare({3, links[2].hash}), Claim::agrees);
    EXPECT_EQ(chain.compare({1, links[0].hash}), Claim::agrees);
    EXPECT_EQ(chain.compare({2, others[1].hash}), Claim::fork);
    EXPECT_EQ(chain.compare({4, links[3].hash}), Claim::ahead);
}

TEST(History, KnowsWhereAnAuthorStoodWhenWeMet) {
    Chain chain;
    const auto links = Author().say(4);
    chain.begin({2, links[1].hash});
    EXPECT_EQ(chain.compare({3, links[2].hash}), Claim::ahead);  // the first one after it is for us too
    EXPECT_EQ(add(chain, links[3]), Verdict::after_gap);
    EXPECT_EQ(chain.missing(), 1U);
}

TEST(History, RemembersABoundedPast) {
    Chain chain;
    const auto links = Author().say(static_cast<int>(max_remembered) + 10);
    for (const auto& link : links) add(chain, link);
    EXPECT_EQ(chain.compare({1, links[0].hash}), Claim::unknown);
    EXPECT_EQ(add(chain, links[0]), Verdict::repeated);
}

/// What an author gave up was not for us: others may have seen it.
TEST(History, PassesOverWhatItsAuthorGaveUp) {
    Chain chain;
    const auto links = Author().say(8);
    add(chain, links[0]);
    chain.pass_over({5, links[4].hash});
    EXPECT_EQ(chain.head(), (Head{5, links[4].hash}));
    EXPECT_EQ(chain.missing(), 0U);
    EXPECT_EQ(chain.compare({3, links[2].hash}), Claim::unknown);
    EXPECT_EQ(chain.compare({5, links[4].hash}), Claim::agrees);
    EXPECT_EQ(chain.compare({7, links[6].hash}), Claim::ahead);
    EXPECT_EQ(add(chain, links[5]), Verdict::next);
    EXPECT_EQ(chain.head().k, 6U);
}

TEST(History, PassingOverHidesNoFork) {
    Chain chain;
    const auto links = Author().say(8);
    const auto others = Author("another").say(8);
    add(chain, links[0]);
    chain.pass_over({5, links[4].hash});
    EXPECT_EQ(chain.compare({1, others[0].hash}), Claim::fork);
    EXPECT_EQ(chain.compare({5, others[4].hash}), Claim::fork);
}

TEST(History, RemembersOneThingOfAllThatIsPassedOver) {
    Chain chain;
    const auto links = Author().say(1);
    add(chain, links[0]);
    for (std::uint64_t k = 2; k < 2 * max_remembered; k += 2) chain.pass_over({k, links[0].hash});
    Saver out(Time{});
    chain.save(out);
    const auto saved = out.finish();
    Loader in(saved.reveal(), Time{});
    EXPECT_EQ(Chain::restore(in).head(), chain.head());
    EXPECT_TRUE(in.finish().has_value());
}

}  // namespace
}  // namespace parley::client
