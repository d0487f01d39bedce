// FAULTS 3.4: WebSocket between a client and a relay, over real sockets, and what a broken peer sends.
#include "net/websocket.h"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "loopback.h"
#include "net/receive.h"
#include "net/tcp.h"

namespace parley::net {
namespace {

using namespace test;
using Carrier = Result<TransportPtr>;
using Server = Result<Received>;

const Reception at_web_port{Scheme::ws};

/// Both ends are ours.
struct Pair {
    Pair() {
        auto [ours, theirs] = connected_ends(context);
        server.emplace(context, receive(std::move(theirs), at_web_port));
        client.emplace(context, connect_web(make_tcp_transport(std::move(ours)), "127.0.0.1:1"));
        client->wait();
        server->wait();
    }
    Transport& at_client() { return *client->wait().value(); }
    Transport& at_server() { return *server->wait().value().transport; }

    asio::io_context context{1};
    std::optional<Outcome<Server>> server;
    std::optional<Outcome<Carrier>> client;
};

TEST(WebSocket, carries_megabytes_both_ways) {
    Pair pair;
    expect_to_carry(pair.context, pair.at_client(), pair.at_server(), 3U << 20U);
}

TEST(WebSocket, ends_when_the_other_side_closes) {
    Pair pair;
    pair.at_client().close();
    EXPECT_TRUE(Outcome<Bytes>(pair.context, read_bytes(pair.at_server(), 1)).wait().empty());
}

TEST(WebSocket, is_carried_to_another_loop_in_the_middle_of_a_stream) {
    Pair pair;
    const auto bytes = pattern(100'000);
    Outcome<bool> written(pair.context, write_all(pair.at_client(), bytes));
    auto arrived = Outcome<Bytes>(pair.context, read_bytes(pair.at_server(), 1)).wait();
    asio::io_context other{1};
    const auto moved = pair.at_server().detach();
    while (arrived.size() < bytes.size()) {
        pair.context.restart();
        pair.context.poll();
        Outcome<Bytes> more(other, read_bytes(*moved, 1));
        while (!more.is_there()) {
            pair.context.restart();
            pair.context.poll();
            other.restart();
            other.poll();
        }
        append(arrived, more.wait());
    }
    EXPECT_EQ(arrived, bytes);
}

constexpr auto request =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

/// A client of ours that writes bytes as it likes to a server that is ours.
struct Rogue {
    Rogue() : ends(connected_ends(context)), server(context, receive(std::move(ends.server), at_web_port)) {}

    void send(const Bytes& bytes) { asio::write(ends.client, asio::buffer(bytes)); }
    void shake_hands(const Bytes& with = {}) {
        auto first = to_bytes(bytes_of(request));
        append(first, with);
        send(first);
        ASSERT_TRUE(server.wait());
        std::string head;
        const auto size = asio::read_until(ends.client, asio::dynamic_buffer(head), "\r\n\r\n");
        answer = head.substr(0, size);
        EXPECT_EQ(head.size(), size) << "nothing follows by itself";
    }
    /// What the server understood of these bytes as payload; it ends with the connection or with `expected` bytes.
    Bytes understood(const Bytes& bytes, std::size_t expected) {
        send(bytes);
        return Outcome<Bytes>(context, read_bytes(*server.wait().value().transport, expected)).wait();
    }
    /// The close code that the server says to these bytes; 0: it says none.
    int close_code_for(const Bytes& bytes) {
        EXPECT_TRUE(understood(bytes, 1 << 20).empty());
        server.wait().value().transport->close();
        Bytes said;
        boost::system::error_code end;
        asio::read(ends.client, asio::dynamic_buffer(said), end);
        for (std::size_t at = 0; at + 1 < said.size(); at += 2U + said[at + 1]) {
            if (said[at] == 0x88 && said[at + 1] >= 2) return said[at + 2] << 8 | said[at + 3];
        }
        return 0;
    }

    asio::io_context context{1};
    Ends ends;
    Outcome<Server> server;
    std::string answer;
};

int close_code_for(const Bytes& bytes) {
    Rogue rogue;
    rogue.shake_hands();
    return rogue.close_code_for(bytes);
}

/// A frame with a mask of zeros, so that its payload can be read.
Bytes frame(int first, const Bytes& payload) {
    Bytes bytes{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(0x80 | payload.size()), 0, 0, 0, 0};
    append(bytes, payload);
    return bytes;
}
Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const auto& part : parts) append(all, part);
    return all;
}

TEST(WebSocket, takes_binary_messages_whatever_pieces_they_come_in) {
    Rogue rogue;
    rogue.shake_hands(frame(0x82, {1, 2}));  // behind the request, in one piece with it
    EXPECT_EQ(rogue.understood(frame(0x82, {3}), 3), (Bytes{1, 2, 3}));
    EXPECT_EQ(rogue.understood(joined({frame(0x02, {4}), frame(0x00, {5}), frame(0x80, {6})}), 3), (Bytes{4, 5, 6}));
    EXPECT_EQ(rogue.understood(joined({frame(0x82, {}), frame(0x82, {7})}), 1), Bytes{7});
    for (const auto byte : frame(0x82, {8})) rogue.send({byte});
    EXPECT_EQ(rogue.understood({}, 1), Bytes{8});
}

// FAULTS W05
TEST(WebSocket, answers_a_ping_between_the_fragments_of_a_message) {
    Rogue rogue;
    rogue.shake_hands();
    EXPECT_EQ(rogue.understood(joined({frame(0x02, {1}), frame(0x89, {9}), frame(0x80, {2})}), 2), (Bytes{1, 2}));
    Bytes pong(3);
    asio::read(rogue.ends.client, asio::buffer(pong));
    EXPECT_EQ(pong, (Bytes{0x8a, 1, 9}));
}

// FAULTS W11
TEST(WebSocket, agrees_to_no_extension) {
    Rogue rogue;
    rogue.shake_hands();
    EXPECT_TRUE(rogue.answer.starts_with("HTTP/1.1 101"));
    EXPECT_FALSE(rogue.answer.contains("xtensions"));
}

// FAULTS W01
TEST(WebSocket, refuses_a_frame_without_a_mask) { EXPECT_EQ(close_code_for({0x82, 1, 7}), 1002); }

// FAULTS W02
TEST(WebSocket, refuses_reserved_bits_and_reserved_kinds) {
    for (int first = 0; first < 256; ++first) {
        const int kind = first & 0x0f;
        const bool reserved = (first & 0x70) != 0 || (kind >= 3 && kind <= 7) || kind >= 0x0b;
        if (!reserved) continue;
        EXPECT_EQ(close_code_for(frame(first, {1})), 1002) << std::hex << first;
    }
}

// FAULTS W03
TEST(WebSocket, refuses_lengths_that_are_longer_than_they_need_or_than_anybody_needs) {
    const Bytes mask(4);
    EXPECT_EQ(close_code_for(joined({{0x82, 0xfe, 0, 125}, mask})), 1002);
    EXPECT_EQ(close_code_for(joined({{0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, mask})), 1002);
    for (const auto highest : Bytes{0x80, 0x7f, 0xff}) {
        const auto code = close_code_for(joined({{0x82, 0xff, highest, 0, 0, 0, 0, 0, 0, 0}, mask}));
        EXPECT_TRUE(code == 1002 || code == 1009) << code;
    }
    EXPECT_EQ(close_code_for(joined({{0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 1}, mask})), 1009) << "a mebibyte and one";
}

// FAULTS W05
TEST(WebSocket, refuses_control_frames_that_are_fragmented_or_large) {
    EXPECT_EQ(close_code_for(frame(0x09, {1})), 1002);
    EXPECT_EQ(close_code_for(joined({{0x89, 0xfe, 0, 126}, Bytes(4 + 126)})), 1002);
    EXPECT_EQ(close_code_for(frame(0x80, {1})), 1002) << "the rest of a message that never began";
    EXPECT_EQ(close_code_for(joined({frame(0x02, {}), frame(0x82, {})})), 1002) << "a message inside a message";
}

// FAULTS W06
TEST(WebSocket, refuses_text) {
    EXPECT_EQ(close_code_for(frame(0x81, {'h', 'i'})), 1003);
    const auto code = close_code_for(frame(0x81, {0xff}));
    EXPECT_TRUE(code == 1003 || code == 1007) << code;
}

// FAULTS W07
TEST(WebSocket, refuses_close_codes_that_nobody_may_send) {
    for (const int code : {0, 999, 1004, 1005, 1006, 1015}) {
        EXPECT_EQ(close_code_for(frame(0x88, {static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code)})),
                  1002)
            << code;
    }
    EXPECT_EQ(close_code_for(frame(0x88, {0xff, 0xff})), 65535)
        << "Beast says it back, and the connection ends as well";
    EXPECT_EQ(close_code_for(frame(0x88, {3})), 1002) << "half a code";
    EXPECT_EQ(close_code_for(frame(0x88, {0x03, 0xe8})), 1000);
}

// FAULTS F12
TEST(WebSocket, ends_at_a_flood_of_pings) {
    for (const int count : {60, 70}) {
        Rogue rogue;
        rogue.shake_hands();
        Bytes pings;
        for (int i = 0; i < count; ++i) append(pings, frame(0x89, {}));
        append(pings, frame(0x82, {1}));
        EXPECT_EQ(rogue.understood(pings, 1).size(), count == 60 ? 1U : 0U) << count;
    }
}

/// Twin: the bytes of a refused frame are not what is refused, the frame is.
TEST(WebSocket, twin_with_the_mask_in_place_is_taken) {
    Rogue rogue;
    rogue.shake_hands();
    EXPECT_EQ(rogue.understood(frame(0x82, {7}), 1), Bytes{7});
}

TEST(WebSocket, of_a_client_takes_frames_without_a_mask) {
    asio::io_context context{1};
    auto [ours, theirs] = connected_ends(context);
    Outcome<Server> server(context, receive(std::move(theirs), at_web_port));
    Outcome<Carrier> client(context, connect_web(make_tcp_transport(std::move(ours)), "a"));
    ASSERT_TRUE(client.wait() && server.wait());
    expect_to_carry(context, **client.wait(), *server.wait()->transport, 10);
}

TEST(WebSocket, of_a_client_ends_where_there_is_no_websocket) {
    asio::io_context context{1};
    auto [ours, theirs] = connected_ends(context);
    asio::write(theirs, asio::buffer(std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
    Outcome<Carrier> client(context, connect_web(make_tcp_transport(std::move(ours)), "a"));
    EXPECT_EQ(client.wait().error(), Errc::unreachable);
}

}  // namespace
}  // namespace parley::net
