#include "app/relay_settings.h"
#include "fuzz/seeds/seeds.h"
#include "wire/codec.h"

namespace parley::fuzz {
namespace {

template <class IdType>
IdType id(std::uint8_t first) {
    FixedBytes<IdType::size> bytes{};
    bytes[0] = first;
    return IdType(FixedView<IdType::size>(bytes));
}

Bytes text(std::string_view characters) { return to_bytes(bytes_of(characters)); }

Bytes joined(std::initializer_list<ByteView> parts) {
    Bytes all;
    for (const auto part : parts) append(all, part);
    return all;
}

const Bytes some_bytes(48, 7);

std::map<std::string, wire::ClientFrame> client_frames() {
    return {
        {"join", wire::Join{wire::protocol_version, id<RoomId>(1), id<SeatId>(2), {}, {}, 600, {}}},
        {"join_again", wire::Join{wire::protocol_version, id<RoomId>(1), id<SeatId>(2), FixedBytes<32>{3},
                                  wire::ResumePoint{id<RoomEpoch>(4), 5}, 600, FixedBytes<16>{6}}},
        {"card", wire::Card{{some_bytes}}},
        {"post", wire::Post{1, std::nullopt, {some_bytes}}},
        {"post_to_one", wire::Post{2, id<SeatId>(2), {some_bytes}}},
        {"ack", wire::Ack{7}},
        {"leave", wire::Leave{}},
        {"ping", wire::Ping{}},
    };
}

std::map<std::string, wire::RelayFrame> relay_frames() {
    return {
        {"welcome", wire::Welcome{id<RoomEpoch>(4), id<SeatId>(2), 6, wire::max_body, 16, 600}},
        {"seat", wire::Seat{id<SeatId>(2), wire::Presence::away, std::nullopt}},
        {"seat_with_card", wire::Seat{id<SeatId>(2), wire::Presence::present, wire::SealedCard{some_bytes}}},
        {"deliver", wire::Deliver{8, id<SeatId>(2), {some_bytes}}},
        {"posted", wire::Posted{1, 8}},
        {"full", wire::Full{1}},
        {"gap", wire::Gap{1, 7}},
        {"refused", wire::Refused{wire::RefuseReason::room_full}},
        {"restarting", wire::Restarting{1'000}},
        {"pong", wire::Pong{}},
    };
}

void add_frames(Seeds& seeds) {
    Bytes stream{5};  // cut into pieces of six
    const auto add = [&](const std::string& name, const auto& frame) {
        Bytes bytes;
        wire::encode(frame, bytes);
        append(stream, bytes);
        seeds["wire_frame/made-" + name] = to_bytes(ByteView(bytes).subspan(wire::length_size));
    };
    for (const auto& [name, frame] : client_frames()) add(name, frame);
    for (const auto& [name, frame] : relay_frames()) add(name, frame);
    seeds["wire_stream/made-all_frames"] = stream;
}

/// Actions of relay_core.cpp: after each, whether the turn ends (0: it does), and for what they happen to.
void add_play(Seeds& seeds) {
    const Bytes connect{0, 0};
    const Bytes join_first{3, 4, 0, 0, 0};      // choice (u16), connection
    const Bytes join_second{3, 4, 0x24, 1, 0};  // another seat, with a grace
    const Bytes posts{4, 0x04, 1, 2, 0, 0};     // kind, first id, count, connection
    const Bytes read{8, 1, 0xff, 0xff, 0};
    const Bytes ack{6, 2, 1, 0};
    const Bytes wait{7, 0, 20, 0};
    const Bytes leave{1, 0, 0};
    seeds["relay_core/made-two_talk"] =
        joined({connect, connect, join_first, join_second, posts, read, ack, wait, posts, leave, wait});
}

void add_settings(Seeds& seeds) {
    app::RelaySettings settings;
    settings.listen = {"tls://127.0.0.1:5555", "[::1]:5556"};
    settings.origins = {"https://chat.example.org"};
    settings.trusted_proxy = {"10.0.0.0/8"};
    seeds["relay_settings/made-printed"] = text(app::relay_table(settings).print());
    seeds["relay_settings/made-short"] = text("# a comment\nlisten = \"127.0.0.1:1\"\nroom-memory = \"64 MiB\"\n");
}

void add_proxies(Seeds& seeds) {
    const auto mark = text({"\r\n\r\n\0\r\nQUIT\n", 12});
    const Bytes ports{0x30, 0x39, 0x15, 0xb3};
    seeds["proxy_header/made-v2_ipv4"] =
        joined({mark, Bytes{0x21, 0x11, 0, 12}, Bytes{192, 0, 2, 1}, Bytes{192, 0, 2, 2}, ports});
    seeds["proxy_header/made-v2_ipv6"] = joined({mark, Bytes{0x21, 0x21, 0, 36}, Bytes(16, 1), Bytes(16, 2), ports});
    seeds["proxy_header/made-v2_local"] = joined({mark, Bytes{0x20, 0, 0, 0}});
    seeds["proxy_header/made-v1"] = text("PROXY TCP4 192.0.2.1 192.0.2.2 12345 5555\r\n");
    seeds["proxy_header/made-list"] = text("2001:db8::1, 192.0.2.1, 10.0.0.1");
    seeds["proxy_header/made-network"] = text("2001:db8::/32");
}

void add_web(Seeds& seeds) {
    const std::string head =
        "GET / HTTP/1.1\r\nHost: relay.example.org\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    seeds["web_request/made-program"] = text(head + "\r\n");
    seeds["web_request/made-browser"] = text(head + "Origin: https://chat.example.org\r\nCookie: a=b\r\n\r\n");
    seeds["web_request/made-fields"] =
        text("Sec-WebSocket-Extensions: permessage-deflate\r\nX-Forwarded-For: 192.0.2.1");

    // Each with its mask; the first byte of the input says how it is cut.
    const Bytes whole{0x82, 0x83, 1, 2, 3, 4, 5, 6, 7};
    const Bytes begin{0x02, 0x81, 0, 0, 0, 0, 9};
    const Bytes end{0x80, 0x80, 0, 0, 0, 0};
    const Bytes ping{0x89, 0x81, 0, 0, 0, 0, 9};
    const Bytes close{0x88, 0x82, 0, 0, 0, 0, 3, 0xe8};
    const auto longer = joined({Bytes{0x82, 0xfe, 0, 200, 1, 2, 3, 4}, Bytes(200, 7)});
    seeds["web_frames/made-messages"] = joined({Bytes{2}, whole, begin, ping, end, longer, close});
    seeds["web_frames/made-text"] = joined({Bytes{0}, Bytes{0x81, 0x82, 0, 0, 0, 0, 'h', 'i'}});
}

}  // namespace

void add_seeds_of_the_wire(Seeds& seeds) {
    add_frames(seeds);
    add_play(seeds);
    add_settings(seeds);
    add_proxies(seeds);
    add_web(seeds);
}

}  // namespace parley::fuzz
