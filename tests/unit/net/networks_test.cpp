#include "net/networks.h"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

bool holds(const std::vector<std::string>& networks, const char* address) {
    const auto parsed = Networks::parse(networks);
    return parsed && parsed->contains(boost::asio::ip::make_address(address));
}

TEST(Networks, hold_what_agrees_with_their_prefix) {
    EXPECT_TRUE(holds({"10.0.0.0/8"}, "10.255.1.2"));
    EXPECT_FALSE(holds({"10.0.0.0/8"}, "11.0.0.0"));
    EXPECT_TRUE(holds({"127.0.0.1"}, "127.0.0.1"));
    EXPECT_FALSE(holds({"127.0.0.1"}, "127.0.0.2"));
    EXPECT_TRUE(holds({"2001:db8::/33"}, "2001:db8:7fff::1"));
    EXPECT_FALSE(holds({"2001:db8::/33"}, "2001:db8:8000::1"));
    EXPECT_TRUE(holds({"::1/128", "192.168.0.0/16"}, "192.168.3.4"));
    EXPECT_TRUE(holds({"0.0.0.0/0"}, "9.9.9.9"));
    EXPECT_FALSE(holds({"0.0.0.0/0"}, "2001:db8::1")) << "all of IPv4 is not all there is";
    EXPECT_FALSE(holds({}, "127.0.0.1"));
}

TEST(Networks, take_ipv4_inside_ipv6_for_what_it_is) {
    EXPECT_TRUE(holds({"10.0.0.0/8"}, "::ffff:10.1.2.3"));
    EXPECT_FALSE(holds({"10.0.0.0/8"}, "::10.1.2.3"));
}

TEST(Networks, that_mean_nothing_are_refused) {
    for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "::/129", "localhost",
                             "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0/+8"}) {
        EXPECT_FALSE(Networks::parse({text})) << text;
    }
}

}  // namespace
}  // namespace parley::net
