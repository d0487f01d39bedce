// RFC 8305: a family of addresses that leads nowhere does not keep anybody waiting.
#include "net/connect_tcp.h"

#include "loopback.h"

namespace parley::net {
namespace {

using namespace test;
using Connected = Result<tcp::socket>;

tcp::endpoint v4(int last) { return {asio::ip::make_address("192.0.2." + std::to_string(last)), 1}; }
tcp::endpoint v6(int last) { return {asio::ip::make_address("2001:db8::" + std::to_string(last)), 1}; }

TEST(Interleaved, lets_families_take_turns_and_keeps_their_order) {
    EXPECT_EQ(interleaved({v6(1), v6(2), v6(3), v4(1), v4(2)}), (std::vector{v6(1), v4(1), v6(2), v4(2), v6(3)}));
    EXPECT_EQ(interleaved({v4(1), v6(1), v4(2)}), (std::vector{v4(1), v6(1), v4(2)}));
    EXPECT_EQ(interleaved({v4(2), v4(1)}), (std::vector{v4(2), v4(1)}));
    EXPECT_TRUE(interleaved({}).empty());
}

/// A port where nobody ever answers: its queue is full, so that the kernel drops who knocks.
class Silent {
public:
    explicit Silent(asio::io_context& context) : acceptor_(context, tcp::v4()) {
        acceptor_.bind({asio::ip::address_v4::loopback(), 0});
        acceptor_.listen(0);
        for (auto& filler : fillers_) {
            filler = std::make_unique<tcp::socket>(context, tcp::v4());
            filler->async_connect(acceptor_.local_endpoint(), [](const boost::system::error_code&) {});
        }
    }
    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

private:
    tcp::acceptor acceptor_;
    std::array<std::unique_ptr<tcp::socket>, 4> fillers_;
};

TEST(ConnectFirst, goes_past_a_silent_address) {
    asio::io_context context{1};
    const Silent silent(context);
    auto acceptor = listener(context);
    const auto begun = std::chrono::steady_clock::now();
    Outcome<Connected> outcome(context, connect_first({silent.endpoint(), acceptor.local_endpoint()}));
    EXPECT_EQ(outcome.wait().value().remote_endpoint(), acceptor.local_endpoint());
    const auto taken = std::chrono::steady_clock::now() - begun;
    EXPECT_GE(taken, std::chrono::milliseconds(250)) << "the first one had its chance";
}

/// Twin: one address after the other never comes to the second.
TEST(ConnectFirst, twin_that_takes_one_after_the_other_still_waits) {
    asio::io_context context{1};
    const Silent silent(context);
    tcp::socket socket(context);
    bool came_to_something = false;
    socket.async_connect(silent.endpoint(), [&](const boost::system::error_code&) { came_to_something = true; });
    context.run_for(std::chrono::milliseconds(600));
    EXPECT_FALSE(came_to_something);
}

TEST(ConnectFirst, goes_on_at_once_after_a_refusal) {
    asio::io_context context{1};
    tcp::endpoint closed;
    {
        auto gone = listener(context);
        closed = gone.local_endpoint();
    }
    auto acceptor = listener(context);
    Outcome<Connected> outcome(context, connect_first({closed, acceptor.local_endpoint()}));
    EXPECT_TRUE(outcome.wait());
    EXPECT_EQ(Outcome<Connected>(context, connect_first({closed, closed})).wait().error(), Errc::unreachable);
    EXPECT_EQ(Outcome<Connected>(context, connect_first({})).wait().error(), Errc::unreachable);
}

}  // namespace
}  // namespace parley::net
