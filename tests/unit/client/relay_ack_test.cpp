#include "client/relay_ack.h"

#include <gtest/gtest.h>

namespace parley::client {
namespace {

constexpr Time start{1h};
constexpr bool alone = false, company = true;

TEST(RelayAck, WaitsForCompany) {
    RelayAck ack;
    EXPECT_EQ(ack.take(start, company), std::nullopt) << "nothing has come";
    ack.on_delivered(7, 1, start);
    EXPECT_EQ(ack.take(start, alone), std::nullopt);
    EXPECT_EQ(ack.take(start, company), 7U);
    EXPECT_EQ(ack.take(start, company), std::nullopt) << "once";
}

TEST(RelayAck, IsSaidAloneAfterAMoment) {
    RelayAck ack;
    ack.on_delivered(7, 1, start);
    ack.on_delivered(8, 1, start + 20ms);
    EXPECT_EQ(ack.deadline(), start + relay_ack_delay) << "counted from the first";
    EXPECT_EQ(ack.take(start + relay_ack_delay - 1ns, alone), std::nullopt);
    EXPECT_EQ(ack.take(start + relay_ack_delay, alone), 8U);
    EXPECT_EQ(ack.deadline(), std::nullopt);
}

TEST(RelayAck, IsSaidAtOnceWhenMuchIsKeptForUs) {
    RelayAck ack;
    ack.on_delivered(1, relay_ack_bytes - 1, start);
    EXPECT_EQ(ack.take(start, alone), std::nullopt);
    ack.on_delivered(2, 1, start);
    EXPECT_EQ(ack.take(start, alone), 2U);
    ack.on_delivered(3, relay_ack_bytes - 1, start);
    EXPECT_EQ(ack.take(start, alone), std::nullopt) << "it counts anew";
}

TEST(RelayAck, OfALostConnectionIsNotOwed) {
    RelayAck ack;
    ack.on_delivered(7, 1, start);
    ack.on_lost();
    EXPECT_EQ(ack.deadline(), std::nullopt);
    ack.on_delivered(3, 1, start);
    EXPECT_EQ(ack.take(start, company), 7U) << "cumulative within a life of the room";
    ack.on_new_epoch();
    ack.on_delivered(1, 1, start);
    EXPECT_EQ(ack.take(start, company), 1U);
}

}  // namespace
}  // namespace parley::client
