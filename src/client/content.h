// What is said, before it is sealed (PROTOCOL 4.2): contents, and the envelope one session carries.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret.h"
#include "base/error.h"
#include "client/file_offer.h"
#include "client/people.h"

namespace parley::client {

using ContentId = Id<struct ContentIdTag, 16>;
/// SHA-256 over an encoded content: links an author's contents into one chain.
using ContentHash = Id<struct ContentHashTag, 32>;
/// SHA-256 over the sorted identity ids a content is meant for, its author among them.
using RosterHash = Id<struct RosterHashTag, 32>;

struct Text {
    std::string text;
    std::uint32_t ttl = 0;  ///< seconds after which everyone's parley is asked to remove it; 0: never
};
struct NewName {
    std::string name;
};
/// From now on what is said in this room is asked to be removed after so many seconds; 0: never.
struct TimeToLive {
    std::uint32_t seconds = 0;
};
using Said = std::variant<Text, NewName, TimeToLive, FileOffer, FileAnswer>;

/// The last content in one author's chain that somebody has seen without a hole before it.
struct Head {
    std::uint64_t k = 0;
    ContentHash hash;

    friend bool operator==(const Head&, const Head&) = default;
};
struct HeadOf {
    IdentityId author;
    Head head;

    friend bool operator==(const HeadOf&, const HeadOf&) = default;
};

/// The same bytes go to everyone, so that everyone can compare what everyone else was told.
struct Content {
    ContentId id;
    std::uint64_t k = 0;  ///< the author's counter, from 1
    ContentHash previous;
    RosterHash roster;
    std::vector<HeadOf> heads;  ///< of every other author, sorted by author
    Said said;
};

Bytes encode(const Content& content);
Result<Content> decode_content(ByteView bytes);
ContentHash hash_of(ByteView encoded_content);

struct AckRange {
    std::uint64_t first;
    std::uint64_t last;

    friend bool operator==(const AckRange&, const AckRange&) = default;
};
/// The delivery acknowledgement (PROTOCOL 6): everything up to `through`, and what came beyond a hole.
struct DeliveryAck {
    std::uint64_t through = 0;
    std::vector<AckRange> beyond;  ///< rising, apart from each other
    bool post_again = false;       ///< the relay lost something: whatever is not told here, once more

    friend bool operator==(const DeliveryAck&, const DeliveryAck&) = default;
};

/// A content under the number that one pair of people gave it.
struct Numbered {
    std::uint64_t number = 0;  ///< rises by one per session and direction, from 1
    ByteView content;          ///< encoded; borrowed
};

/// What is told to verified people only, and to nobody who does not want to tell it (ATTACKS 13).
struct Signs {
    bool typing = false;
    std::uint64_t read_through = 0;  ///< a person saw everything up to this number; 0: not told

    friend bool operator==(const Signs&, const Signs&) = default;
};
/// Asks for an acknowledgement: a Hello, which proves nothing, says that this session is lost.
struct StillThere {};
/// Said to one person alone, counted and acknowledged by nobody: the next one replaces it.
using Signal = std::variant<FileStatus, StillThere>;

struct Envelope {
    DeliveryAck ack;
    Head head;                  ///< the author's own, when it sealed this
    std::uint64_t sent = 0;     ///< the last number given to a content for this person
    std::uint64_t settled = 0;  ///< through this number all was acknowledged or given up; at most `sent`
    Signs signs{};
    std::optional<Numbered> content{};
    std::optional<Signal> signal{};  ///< in the place of a content
};

SecretBytes encode(const Envelope& envelope);
/// The content is a view into `bytes`.
Result<Envelope> decode_envelope(ByteView bytes);

}  // namespace parley::client
