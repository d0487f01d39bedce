// FAULTS C32, PROTOCOL 2.2: what people compare.
#include "identity/fingerprint.h"

#include <gtest/gtest.h>

#include <set>

#include "support/damage.h"
#include "world/random.h"

namespace parley::identity {
namespace {

struct TwoPeople {
    test::SeededRandom random{13};
    PublicIdentity ada = Identity::generate(random).public_identity();
    PublicIdentity bob = Identity::generate(random).public_identity();
};

bool has_60_digits(std::string_view number) {
    return number.size() == 60 && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

/// Twin: both halves, ours first, as each side sees it.
std::string unsorted(const PublicIdentity& ours, const PublicIdentity& theirs) {
    const auto half = [](const PublicIdentity& one) { return safety_number(one, one).substr(0, 30); };
    return half(ours) + half(theirs);
}

TEST(SafetyNumber, is_the_same_for_both) {
    const TwoPeople people;
    EXPECT_EQ(safety_number(people.ada, people.bob), safety_number(people.bob, people.ada));
    EXPECT_NE(unsorted(people.ada, people.bob), unsorted(people.bob, people.ada)) << "twin";
}

// Computed once by another program from Signal's description, so that it holds where no vectors are.
TEST(SafetyNumber, is_frozen) {
    const Bytes ones(130, 1);
    const Bytes twos(130, 2);
    EXPECT_EQ(safety_number({ones, {}}, {twos, {}}), "542207078344615093862411835476778618758262967316386206111770");
}

// FAULTS C32
TEST(SafetyNumber, has_60_digits_for_everybody) {
    test::SeededRandom random(14);
    const auto ada = Identity::generate(random).public_identity();
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(has_60_digits(safety_number(ada, Identity::generate(random).public_identity())));
    }
}

// Every byte of a key counts, the last one too: no prefix of a key is enough to look alike.
// FAULTS C32
TEST(SafetyNumber, changes_with_every_byte_of_a_key) {
    const TwoPeople people;
    const auto ada = people.ada.bytes();
    const auto bob = people.bob.bytes();
    std::set<std::string> numbers{safety_number({ada, {}}, {bob, {}})};
    for (std::size_t byte = 0; byte < bob.size(); byte += 3) {
        numbers.insert(safety_number({ada, {}}, {test::with_bit_flipped(bob, 8 * byte), {}}));
    }
    numbers.insert(safety_number({ada, {}}, {test::with_bit_flipped(bob, 8 * bob.size() - 1), {}}));
    EXPECT_EQ(numbers.size(), 1 + (bob.size() + 2) / 3 + 1);
}

TEST(SafetyNumber, differs_with_the_stable_id) {
    const TwoPeople people;
    const auto ada = people.ada.bytes();
    const auto bob = people.bob.bytes();
    EXPECT_NE(safety_number({ada, {}}, {bob, {}}), safety_number({ada, {}}, {bob, bytes_of("bob")}));
}

TEST(Tag, has_four_characters_that_do_not_look_alike) {
    test::SeededRandom random(15);
    constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (int i = 0; i < 50; ++i) {
        const auto text = tag(Identity::generate(random).public_identity());
        EXPECT_EQ(text.size(), 4U);
        EXPECT_TRUE(std::ranges::all_of(text, [&](char c) { return crockford.contains(c); })) << text;
    }
}

TEST(Tag, tells_people_apart_and_stays) {
    const TwoPeople people;
    EXPECT_NE(tag(people.ada), tag(people.bob));
    EXPECT_EQ(tag(people.ada), tag(PublicIdentity::parse(people.ada.bytes()).value()));
}

}  // namespace
}  // namespace parley::identity
