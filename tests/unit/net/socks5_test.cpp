// RFC 1928, RFC 1929: what goes to a proxy, and all that a proxy can say.
#include "net/socks5.h"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "loopback.h"

namespace parley::net {
namespace {

using namespace test;
using Connected = Result<tcp::socket>;

TEST(Socks5Request, names_are_left_to_the_proxy) {
    EXPECT_EQ(to_hex(socks5_request("relay.example.org", 5555).value()),
              "0501000311"
              "72656c61792e6578616d706c652e6f7267"
              "15b3");
    EXPECT_EQ(to_hex(socks5_request("192.0.2.1", 1).value()),
              "05010001"
              "c0000201"
              "0001");
    EXPECT_EQ(to_hex(socks5_request("2001:db8::1", 443).value()),
              "05010004"
              "20010db8000000000000000000000001"
              "01bb");
    EXPECT_TRUE(socks5_request(std::string(255, 'a'), 1));
    EXPECT_EQ(socks5_request(std::string(256, 'a'), 1).error(), Errc::bad_input);
}

/// A proxy that plays its part on a thread: reads so many bytes, writes an answer, and so on.
class Proxied {
public:
    struct Turn {
        std::size_t read;
        Bytes answer;
    };
    explicit Proxied(std::vector<Turn> turns)
        : acceptor_(listener(context_)), thread_([this, turns = std::move(turns)] { play(turns); }) {}
    ~Proxied() {
        if (thread_.joinable()) thread_.join();
    }

    Connected outcome() {
        asio::io_context context{1};
        const Proxy proxy{"127.0.0.1", acceptor_.local_endpoint().port()};
        Outcome<Connected> outcome(context, connect_through(proxy, "relay.example.org", 5555));
        auto connected = std::move(outcome.wait());
        thread_.join();
        if (!connected) return std::unexpected(connected.error());
        return tcp::socket(context_);
    }
    const std::vector<Bytes>& heard() const { return heard_; }

private:
    void play(const std::vector<Turn>& turns) {
        auto socket = acceptor_.accept();
        boost::system::error_code ended;
        for (const auto& [read, answer] : turns) {
            heard_.emplace_back(read);
            asio::read(socket, asio::buffer(heard_.back()), ended);
            asio::write(socket, asio::buffer(answer), ended);
        }
    }

    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::vector<Bytes> heard_;
    std::thread thread_;
};

constexpr std::size_t request_size = 4 + 1 + 17 + 2;
const Bytes good_reply{5, 0, 0, 1, 127, 0, 0, 1, 0, 80};

TEST(Socks5, connects_through_a_proxy_that_asks_nothing) {
    for (const auto& reply : {good_reply, Bytes{5, 0, 0, 3, 2, 'h', 'i', 0, 80},
                              Bytes{5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80}}) {
        Proxied proxy({{4, {5, 0}}, {request_size, reply}});
        EXPECT_TRUE(proxy.outcome());
        EXPECT_EQ(proxy.heard().at(1), socks5_request("relay.example.org", 5555).value());
    }
}

// Tor keeps connections under different names apart.
TEST(Socks5, takes_another_name_for_each_connection_where_names_are_taken) {
    std::vector<Bytes> names;
    for (int i = 0; i < 2; ++i) {
        Proxied proxy({{4, {5, 2}}, {1 + 1 + 32 + 1 + 1, {1, 0}}, {request_size, good_reply}});
        EXPECT_TRUE(proxy.outcome());
        names.push_back(proxy.heard().at(1));
    }
    EXPECT_NE(names[0], names[1]);
}

TEST(Socks5, says_why_there_is_no_connection) {
    std::vector<std::string_view> reasons;
    for (std::uint8_t code = 1; code <= 8; ++code) {
        Proxied proxy({{4, {5, 0}}, {request_size, {5, code, 0, 1, 0, 0, 0, 0, 0, 0}}});
        const auto outcome = proxy.outcome();
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error(), Errc::unreachable);
        reasons.push_back(outcome.error().what);
    }
    EXPECT_NE(reasons[3], reasons[4]) << "no such host, and nobody answers there";
}

TEST(Socks5, refuses_what_is_no_proxy) {
    for (const auto& greeting : {Bytes{}, Bytes{5}, Bytes{4, 0}, Bytes{5, 0xff}, Bytes{5, 1}, Bytes{'H', 'T'}}) {
        EXPECT_FALSE(Proxied({{4, greeting}}).outcome());
    }
    for (const auto& reply : {Bytes{}, Bytes{5, 0, 0}, Bytes{4, 0, 0, 1}, Bytes{5, 0, 0, 3}, Bytes{5, 0, 0, 1, 1, 2}}) {
        EXPECT_FALSE(Proxied({{4, {5, 0}}, {request_size, reply}}).outcome());
    }
}

}  // namespace
}  // namespace parley::net
