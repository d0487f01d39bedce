// Everything the client core tells a screen, a script or a bot. It draws nothing itself.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "client/file_job.h"
#include "client/people.h"

namespace parley::client {

/// Numbers what this user said, from 1 on; the screen finds its own line again by it.
using LineNumber = std::uint64_t;

struct Connected {
    bool reborn = false;  ///< the relay forgot everything: what was not opened is posted again
};
struct ConnectionLost {
    Error why;
    Duration retry_in;
};
struct ChannelEstablished {
    Person person;
};
struct PresenceChanged {
    Person person;
};
struct Renamed {
    Person person;
    std::string former_name;
};
struct MessageReceived {
    Person person;
    std::string text;       ///< valid UTF-8, unfiltered
    bool late = false;      ///< a later one was shown before: it was held back on the way
    std::uint32_t ttl = 0;  ///< seconds after which it is to be removed; 0: never
};
struct Typing {
    Person person;
    bool typing;
};
/// The person saw every line of the user's up to this one.
struct ReadBy {
    Person person;
    LineNumber line;
};
struct TimeToLiveChanged {
    Person person;  ///< who asked for it; perhaps the user
    std::uint32_t seconds;
};

enum class LineState {
    queued,    ///< not yet with the relay for everyone
    accepted,  ///< the relay has a sealed copy for everyone it is meant for
    opened,    ///< everyone it is meant for has opened it
    failed,    ///< somebody can no longer receive it
};
struct LineChanged {
    LineNumber line;
    LineState state;
    std::optional<Person> person;  ///< who has opened it, or who can no longer
    std::string_view reason;       ///< why it failed; a literal
};

enum class AlarmKind {
    bad_card,            ///< a card that the room's key does not open, or that lies
    bad_handshake,       ///< a public value was changed on the way
    handshake_withheld,  ///< a seat shows a card and never answers
    bad_frame,           ///< a tag does not verify: forged or damaged
    repeated,            ///< a frame came a second time
    missing,             ///< contents that must exist did not come
    fork,                ///< two different histories of one author
    roster_differs,      ///< somebody writes to a different set of people
    unacknowledged,      ///< frames the relay accepted and nobody confirmed
    lost_by_relay,       ///< the relay says that it has forgotten something
    key_changed,         ///< another identity where a known one was
    restarted,           ///< a person came back without its state
    rolled_back,         ///< two different messages under one number: a copied state
};
std::string_view name_of(AlarmKind kind);

struct Alarm {
    AlarmKind kind;
    std::optional<Person> person;
    std::string_view what;    ///< one clear line; a literal
    std::uint64_t count = 1;  ///< how many contents it is about
};

struct Roster {
    Person self;
    std::vector<Person> people;
    std::size_t unconfirmed = 0;  ///< seats that have proven nothing yet
};
struct SafetyNumber {
    Person person;
    std::string digits;  ///< 60
};
struct Verified {
    Person person;
    bool matches;
};
/// A spoken code that somebody waits with: to be told to the one other person.
struct CodeReady {
    std::string code;
};
struct Notice {
    std::string_view text;
};
/// A command that could not be done; a literal that says why and what to do.
struct Refusal {
    std::string_view text;
};
struct KnownPerson {
    std::string name;
    std::string petname;
    std::string tag;
    Trust trust;
    std::int64_t first_seen;  ///< seconds since 1970; 0: not told
    std::int64_t last_seen;
};
struct ContactList {
    std::vector<KnownPerson> contacts;
};
struct Drained {
    std::uint64_t undelivered;
    bool kept = false;  ///< with a profile: they go on when it is opened again
};

/// A file that somebody offers, or that we do.
struct FileInfo {
    FileNumber number;
    Person person;  ///< who offers it
    bool ours;
    std::string name;  ///< the claim of who offers it; passes the display filter
    std::uint64_t size;
};
/// It waits for an answer: of the user, or of the others where it is ours.
struct FileOffered {
    FileInfo file;
    bool resumed = false;  ///< it was answered or offered in a former run, and goes on: nobody is asked again
};
/// Somebody takes our file, or does not want it.
struct FileAnswered {
    FileInfo file;
    Person person;
    bool accepted;
};
struct FileProgress {
    FileInfo file;
    std::uint64_t done;  ///< bytes; of the slowest where it is ours
    std::uint64_t rate;  ///< bytes a second; 0: not known yet
    std::optional<std::chrono::seconds> left;
};
/// It is whole, and its hash is the one that was offered.
struct FileDone {
    FileInfo file;
    std::optional<Person> person;  ///< who has it now, where it is ours
    std::string path;              ///< where it is, where it is not ours
};
struct FileFailed {
    FileInfo file;
    std::optional<Person> person;  ///< who does not get it, where it is ours and one of several
    std::string_view reason;       ///< a literal
};
/// Takes nothing any more: the others go on, and it gets the rest when it comes back.
struct FileLeftBehind {
    FileInfo file;
    Person person;
};
enum class FileState { opening, offered, running, done, failed };
struct FileList {
    struct Entry {
        FileState state;
        FileProgress progress;
    };
    std::vector<Entry> files;
    std::uint64_t stray_chunks;  ///< that came and belong to no file we take
};

using Event = std::variant<Connected, ConnectionLost, ChannelEstablished, PresenceChanged, Renamed, MessageReceived,
                           Typing, ReadBy, TimeToLiveChanged, LineChanged, Alarm, Roster, SafetyNumber, Verified,
                           CodeReady, Notice, Refusal, ContactList, Drained, FileOffered, FileAnswered, FileProgress,
                           FileDone, FileFailed, FileLeftBehind, FileList>;

}  // namespace parley::client
