// Every frame between a client and a relay, declared once (PROTOCOL 6). Reader, writer, the page
// docs/WIRE.md and the vectors follow from the lists of fields below.
//
//   frame  = length (u32) || type (u8) || fields      length counts the type and the fields
//   number = big-endian;  optional = 00 | 01 || value;  payload = the rest of the frame
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/names.h"
#include "wire/limits.h"

namespace parley::wire {

/// Opaque sealed bytes at the end of a frame: all that a relay knows of a message. Borrowed from
/// the buffer that was decoded.
template <std::size_t Limit>
struct Payload {
    static constexpr std::size_t limit = Limit;
    ByteView bytes;

    friend bool operator==(const Payload& a, const Payload& b) { return equal(a.bytes, b.bytes); }
};
using Body = Payload<max_body>;
using SealedCard = Payload<max_card>;

enum class Presence : std::uint8_t { present = 0, away = 1, gone = 2 };
inline constexpr std::uint8_t last_value(Presence) { return 2; }

enum class RefuseReason : std::uint8_t {
    protocol_error = 0,
    wrong_version = 1,
    wrong_secret = 2,
    seat_taken_over = 3,
    room_full = 4,
    slow_reader = 5,
    too_late = 6,
    too_many = 7,
    no_memory = 8,
    wrong_token = 9,
};
inline constexpr std::uint8_t last_value(RefuseReason) { return 9; }
/// One clear line: what is wrong and what to do.
std::string_view explain(RefuseReason reason);

/// A field's place in its frame, its name and what it means.
template <class Frame, class Type>
struct Field {
    Type Frame::* member;
    std::string_view name;
    std::string_view meaning;
};
template <class Frame, class Type>
constexpr Field<Frame, Type> field(Type Frame::* member, std::string_view name, std::string_view meaning) {
    return {member, name, meaning};
}

struct ResumePoint {
    RoomEpoch epoch;
    std::uint64_t last_seq = 0;

    friend bool operator==(const ResumePoint&, const ResumePoint&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&ResumePoint::epoch, "epoch", "the room's life in which it was seen"),
                          field(&ResumePoint::last_seq, "last seq", "highest seq handled in it"));
    }
};

// ---- from client to relay ----

struct Join {
    static constexpr std::uint8_t type = 0x01;
    static constexpr std::string_view name = "Join";
    static constexpr std::string_view meaning =
        "Takes or resumes a seat. A foreign epoch counts as none. The newest connection of a seat wins.";

    std::uint8_t version = protocol_version;
    RoomId room;
    SeatId seat;
    FixedBytes<32> secret{};
    std::optional<ResumePoint> resume;
    std::uint32_t grace_seconds = 0;
    std::optional<FixedBytes<16>> token;

    friend bool operator==(const Join&, const Join&) = default;
    static constexpr auto fields() {
        return std::tuple(
            field(&Join::version, "version", "of the protocol: 1"),
            field(&Join::room, "room id", "HKDF of the room secret"),
            field(&Join::seat, "seat id", "random, one per relay and room"),
            field(&Join::secret, "seat secret", "random; proves the seat when it is resumed"),
            field(&Join::resume, "resume point", "where an earlier connection stopped"),
            field(&Join::grace_seconds, "grace wanted", "seconds the seat is kept after the connection is lost"),
            field(&Join::token, "access token", "where the relay asks for one"));
    }
};

struct Card {
    static constexpr std::uint8_t type = 0x02;
    static constexpr std::string_view name = "Card";
    static constexpr std::string_view meaning = "Replaces this seat's card; everyone in the room is shown it.";

    SealedCard sealed;

    friend bool operator==(const Card&, const Card&) = default;
    static constexpr auto fields() { return std::tuple(field(&Card::sealed, "card", "sealed under the room key")); }
};

struct Post {
    static constexpr std::uint8_t type = 0x03;
    static constexpr std::string_view name = "Post";
    static constexpr std::string_view meaning =
        "Delivers to one seat or to all others. An id that is not above the seat's last accepted one is "
        "answered Posted again and not delivered.";

    std::uint64_t id = 0;
    std::optional<SeatId> to;
    Body body;

    friend bool operator==(const Post&, const Post&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Post::id, "message id", "rises strictly per seat"),
                          field(&Post::to, "to", "one seat; zeros: everyone else in the room"),
                          field(&Post::body, "body", "sealed"));
    }
};

struct Ack {
    static constexpr std::uint8_t type = 0x04;
    static constexpr std::string_view name = "Ack";
    static constexpr std::string_view meaning = "Everything up to seq is saved: the relay may forget it for this seat.";

    std::uint64_t seq = 0;

    friend bool operator==(const Ack&, const Ack&) = default;
    static constexpr auto fields() { return std::tuple(field(&Ack::seq, "seq", "at most the last one delivered")); }
};

struct Leave {
    static constexpr std::uint8_t type = 0x05;
    static constexpr std::string_view name = "Leave";
    static constexpr std::string_view meaning = "Ends the seat; the relay forgets at once what it kept for it.";

    friend bool operator==(const Leave&, const Leave&) = default;
    static constexpr auto fields() { return std::tuple(); }
};

struct Ping {
    static constexpr std::uint8_t type = 0x06;
    static constexpr std::string_view name = "Ping";
    static constexpr std::string_view meaning = "Asks for a Pong, in order with everything else.";

    friend bool operator==(const Ping&, const Ping&) = default;
    static constexpr auto fields() { return std::tuple(); }
};

// ---- from relay to client ----

struct Welcome {
    static constexpr std::uint8_t type = 0x81;
    static constexpr std::string_view name = "Welcome";
    static constexpr std::string_view meaning =
        "The seat is taken. A Seat frame for every other present or away seat follows.";

    RoomEpoch epoch;
    SeatId seat;
    std::uint64_t next_seq = 0;
    std::uint32_t max_body = 0;
    std::uint16_t max_seats = 0;
    std::uint32_t grace_seconds = 0;

    friend bool operator==(const Welcome&, const Welcome&) = default;
    static constexpr auto fields() {
        return std::tuple(
            field(&Welcome::epoch, "room epoch", "random; new when room or relay was reborn"),
            field(&Welcome::seat, "seat id", "the seat that was joined"),
            field(&Welcome::next_seq, "next seq", "first of the room's one order that the seat has not acknowledged"),
            field(&Welcome::max_body, "largest body", "bytes"),
            field(&Welcome::max_seats, "seats", "that the room can hold"),
            field(&Welcome::grace_seconds, "grace", "seconds granted"));
    }
};

struct Seat {
    static constexpr std::uint8_t type = 0x82;
    static constexpr std::string_view name = "Seat";
    static constexpr std::string_view meaning = "Someone came, changed the card, lost the connection or left.";

    SeatId seat;
    Presence presence = Presence::present;
    std::optional<SealedCard> card;

    friend bool operator==(const Seat&, const Seat&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Seat::seat, "seat id", "whose"),
                          field(&Seat::presence, "presence", "0 present, 1 away, 2 gone"),
                          field(&Seat::card, "card", "sealed under the room key"));
    }
};

struct Deliver {
    static constexpr std::uint8_t type = 0x83;
    static constexpr std::string_view name = "Deliver";
    static constexpr std::string_view meaning =
        "A posted body, in the room's one order. It has the shape of the Post that it was: a relay changes the "
        "head where it lies.";

    std::uint64_t seq = 0;
    SeatId from;
    Body body;

    friend bool operator==(const Deliver&, const Deliver&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Deliver::seq, "seq", "place in the room's order"),
                          field(&Deliver::from, "from", "the seat that posted it"),
                          field(&Deliver::body, "body", "sealed"));
    }
};

struct Posted {
    static constexpr std::uint8_t type = 0x84;
    static constexpr std::string_view name = "Posted";
    static constexpr std::string_view meaning =
        "Accepted, cumulative: every post up to this id that was not answered Full.";

    std::uint64_t id = 0;
    std::uint64_t seq = 0;

    friend bool operator==(const Posted&, const Posted&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Posted::id, "message id", "the last one accepted"),
                          field(&Posted::seq, "seq", "its place in the room's order"));
    }
};

struct Full {
    static constexpr std::uint8_t type = 0x85;
    static constexpr std::string_view name = "Full";
    static constexpr std::string_view meaning = "No room in memory now: not accepted. Try again later, under a new id.";

    std::uint64_t id = 0;

    friend bool operator==(const Full&, const Full&) = default;
    static constexpr auto fields() { return std::tuple(field(&Full::id, "message id", "not accepted")); }
};

struct Gap {
    static constexpr std::uint8_t type = 0x86;
    static constexpr std::string_view name = "Gap";
    static constexpr std::string_view meaning = "What was for this seat in this range is gone: said, never silent.";

    std::uint64_t first = 0;
    std::uint64_t last = 0;

    friend bool operator==(const Gap&, const Gap&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Gap::first, "first", "seq"), field(&Gap::last, "last", "seq"));
    }
};

struct Refused {
    static constexpr std::uint8_t type = 0x87;
    static constexpr std::string_view name = "Refused";
    static constexpr std::string_view meaning = "The relay closes the connection after this frame.";

    RefuseReason reason = RefuseReason::protocol_error;

    friend bool operator==(const Refused&, const Refused&) = default;
    static constexpr auto fields() { return std::tuple(field(&Refused::reason, "reason", "see the table of reasons")); }
};

struct Restarting {
    static constexpr std::uint8_t type = 0x88;
    static constexpr std::string_view name = "Restarting";
    static constexpr std::string_view meaning = "A planned stop.";

    std::uint32_t after_ms = 0;

    friend bool operator==(const Restarting&, const Restarting&) = default;
    static constexpr auto fields() {
        return std::tuple(field(&Restarting::after_ms, "after", "milliseconds until it may be back"));
    }
};

struct Pong {
    static constexpr std::uint8_t type = 0x89;
    static constexpr std::string_view name = "Pong";
    static constexpr std::string_view meaning = "Answers a Ping.";

    friend bool operator==(const Pong&, const Pong&) = default;
    static constexpr auto fields() { return std::tuple(); }
};

/// Every legal frame and nothing else: a new one fails to compile until each visitor handles it.
using ClientFrame = std::variant<Join, Card, Post, Ack, Leave, Ping>;
using RelayFrame = std::variant<Welcome, Seat, Deliver, Posted, Full, Gap, Refused, Restarting, Pong>;

}  // namespace parley::wire
