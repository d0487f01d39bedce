// Who may connect, each limit at its value and one above, in virtual time (RELAY; FAULTS F01, F05, F08).
#include "relay/admission.h"

#include <gtest/gtest.h>

namespace parley::relay {
namespace {

using enum Knock;

Origin origin(std::uint32_t number) {
    FixedBytes<4> address;
    for (std::size_t i = 0; i < 4; ++i) address[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return Origin::ipv4(address);
}

Limits patient() {
    Limits limits;
    limits.fresh_per_address = {.per_second = 1'000'000, .burst = 1'000'000};
    limits.fresh_in_all = limits.fresh_per_address;
    return limits;
}

struct Door {
    explicit Door(const Limits& limits = {}) : admission(limits) {}

    Knock knock(std::uint32_t who) { return admission.on_knock(origin(who), now); }
    /// Comes and goes at once.
    Knock visit(std::uint32_t who) {
        const auto knocked = knock(who);
        if (knocked == welcome) admission.on_gone(origin(who), now);
        return knocked;
    }
    void pass(Duration time) { now += time; }

    Time now{};
    Admission admission;
};

TEST(Origin, of_ipv6_is_its_first_64_bits_and_of_mapped_ipv4_the_address) {
    FixedBytes<16> one{}, other{};
    one[0] = other[0] = 0x20;
    other[15] = 1;
    EXPECT_EQ(Origin::ipv6(one), Origin::ipv6(other));
    other[7] = 1;
    EXPECT_NE(Origin::ipv6(one), Origin::ipv6(other));
    const FixedBytes<16> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
    EXPECT_EQ(Origin::ipv6(mapped), origin(0x0a000001));
    EXPECT_NE(Origin::ipv6(FixedBytes<16>{10, 0, 0, 1}), origin(0x0a000001));
}

// FAULTS F01
TEST(Admission, takes_64_connections_of_one_address) {
    Door door(patient());
    for (int i = 0; i < 64; ++i) EXPECT_EQ(door.knock(1), welcome);
    EXPECT_EQ(door.knock(1), too_many);
    EXPECT_EQ(door.knock(2), welcome) << "others are not concerned";
    door.admission.on_gone(origin(1), door.now);
    EXPECT_EQ(door.knock(1), welcome);
    EXPECT_EQ(door.knock(1), too_many);
}

TEST(Admission, takes_a_burst_of_20_of_one_address_and_then_5_a_second) {
    Door door;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(door.visit(1), welcome);
    EXPECT_EQ(door.visit(1), too_fast);
    door.pass(200ms - 1ns);
    EXPECT_EQ(door.visit(1), too_fast);
    door.pass(1ns);
    EXPECT_EQ(door.visit(1), welcome);
    EXPECT_EQ(door.visit(1), too_fast);
    door.pass(4s);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(door.visit(1), welcome);
    EXPECT_EQ(door.visit(1), too_fast) << "no more than the burst is saved up";
}

// FAULTS F05, F06
TEST(Admission, takes_500_a_second_in_all) {
    Door door;
    for (std::uint32_t i = 0; i < 500; ++i) EXPECT_EQ(door.visit(i), welcome);
    EXPECT_EQ(door.visit(500), too_fast_all);
    door.pass(2ms - 1ns);
    EXPECT_EQ(door.visit(501), too_fast_all);
    door.pass(1ns);
    EXPECT_EQ(door.visit(502), welcome);
    EXPECT_EQ(door.visit(503), too_fast_all);
}

TEST(Admission, of_one_that_hammers_costs_the_others_nothing) {
    Door door;
    for (int i = 0; i < 10'000; ++i) (void)door.visit(1);
    for (std::uint32_t i = 2; i < 482; ++i) EXPECT_EQ(door.visit(i), welcome) << i;
    EXPECT_EQ(door.visit(482), too_fast_all) << "480 and the 20 of the one";
}

TEST(Admission, takes_as_many_connections_as_it_may_have_in_all) {
    auto limits = patient();
    limits.connections = 3;
    Door door(limits);
    EXPECT_EQ(door.knock(1), welcome);
    EXPECT_EQ(door.knock(2), welcome);
    EXPECT_EQ(door.admission.on_knock(std::nullopt, door.now), welcome);
    EXPECT_EQ(door.knock(3), full);
    EXPECT_EQ(door.admission.on_knock(std::nullopt, door.now), full) << "this machine's own count here";
    door.admission.on_gone(std::nullopt, door.now);
    EXPECT_EQ(door.knock(3), welcome);
    EXPECT_EQ(door.admission.connections(), 3U);
}

TEST(Admission, leaves_descriptors_for_other_things) {
    EXPECT_EQ(most_connections(20'000), 19'800U);
    EXPECT_EQ(most_connections(400), 200U);
    EXPECT_EQ(most_connections(399), 199U);
    EXPECT_EQ(most_connections(64), 32U);
}

TEST(Admission, without_an_origin_knows_no_limit_per_address) {
    Door door;
    for (int i = 0; i < 2'000; ++i) EXPECT_EQ(door.admission.on_knock(std::nullopt, door.now), welcome);
    door.admission.on_offence(std::nullopt, Offence::protocol_error, door.now);
    EXPECT_EQ(door.admission.on_knock(std::nullopt, door.now), welcome);
    EXPECT_EQ(door.admission.addresses(), 0U);
}

TEST(Penalty, of_a_protocol_error_is_5_seconds_and_of_refused_input_10) {
    for (const auto& [offence, costs] :
         {std::pair(Offence::protocol_error, 5s), std::pair(Offence::refused_input, 10s)}) {
        Door door;
        door.admission.on_offence(origin(1), offence, door.now);
        EXPECT_EQ(door.visit(1), serves_penalty);
        EXPECT_EQ(door.visit(2), welcome);
        door.pass(costs - 1ns);
        EXPECT_EQ(door.visit(1), serves_penalty);
        door.pass(1ns);
        EXPECT_EQ(door.visit(1), welcome);
    }
}

TEST(Penalty, adds_up_to_600_seconds_and_no_more) {
    Door door;
    for (int i = 0; i < 59; ++i) door.admission.on_offence(origin(1), Offence::refused_input, door.now);
    door.pass(590s - 1ns);
    EXPECT_EQ(door.visit(1), serves_penalty);
    door.pass(1ns);
    EXPECT_EQ(door.visit(1), welcome);
    for (int i = 0; i < 1'000; ++i) door.admission.on_offence(origin(1), Offence::refused_input, door.now);
    door.pass(600s - 1ns);
    EXPECT_EQ(door.visit(1), serves_penalty);
    door.pass(1ns);
    EXPECT_EQ(door.visit(1), welcome);
}

TEST(Penalty, is_remembered_of_65536_addresses_and_then_the_oldest_is_forgotten) {
    Door door(patient());
    for (std::uint32_t i = 0; i < 65'536; ++i) door.admission.on_offence(origin(i), Offence::refused_input, door.now);
    EXPECT_EQ(door.admission.addresses(), 65'536U);
    EXPECT_EQ(door.visit(0), serves_penalty);
    door.admission.on_offence(origin(65'536), Offence::refused_input, door.now);
    EXPECT_EQ(door.admission.addresses(), 65'536U);
    EXPECT_EQ(door.visit(1), serves_penalty);
    EXPECT_EQ(door.visit(0), welcome);
}

TEST(Admission, remembers_nobody_about_whom_there_is_nothing_to_remember) {
    Door door;
    for (std::uint32_t i = 0; i < 400; ++i) EXPECT_EQ(door.visit(i), welcome);
    door.admission.on_offence(origin(0), Offence::protocol_error, door.now);
    door.pass(10s);
    EXPECT_EQ(door.visit(400), welcome);
    EXPECT_EQ(door.admission.addresses(), 1U);
}

// FAULTS O21
TEST(Admission, forgets_without_a_knock_who_has_nothing_to_answer_for) {
    Door door;
    EXPECT_EQ(door.visit(1), welcome);
    EXPECT_TRUE(door.admission.remembers_somebody());
    door.pass(10s);
    door.admission.forget_some(door.now);
    EXPECT_FALSE(door.admission.remembers_somebody());
    EXPECT_EQ(door.admission.addresses(), 0U);
}

TEST(Offence, is_what_somebody_did_and_not_what_befell_them) {
    using enum wire::RefuseReason;
    EXPECT_EQ(offence_of(protocol_error, true), Offence::protocol_error);
    EXPECT_EQ(offence_of(too_late, false), Offence::protocol_error);
    EXPECT_EQ(offence_of(too_late, true), Offence::none);
    for (const auto guess : {wrong_version, wrong_secret, wrong_token}) {
        EXPECT_EQ(offence_of(guess, false), Offence::refused_input);
    }
    for (const auto fate : {seat_taken_over, room_full, slow_reader, too_many, no_memory}) {
        EXPECT_EQ(offence_of(fate, true), Offence::none);
        EXPECT_EQ(offence_of(fate, false), Offence::none);
    }
}

}  // namespace
}  // namespace parley::relay
