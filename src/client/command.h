// Everything a user can ask of the client core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/time.h"
#include "client/file_limits.h"

namespace parley::client {

struct Say {
    std::string text;  ///< at most 60,000 bytes of UTF-8
};
struct Rename {
    std::string name;
};
struct ListPeople {};
/// Whom a command means: NAME, NAME#TAG or TAG; nothing where there is exactly one other person.
struct Whom {
    std::string text;
};
struct ShowSafetyNumber {
    Whom whom;
};
struct Verify {
    Whom whom;
    std::string digits;  ///< 60, blanks between them are ignored
};
/// Take up with a person who came back without state or with another key, or who was blocked.
struct Accept {
    Whom whom;
};
/// Nothing more to this person and nothing more from them.
struct Block {
    Whom whom;
};
/// The user is typing. The core tells it seldom, to verified people only.
struct StartTyping {};
/// Everything that was shown so far was on a screen in front of a person.
struct SeeAll {};
/// What verified people are told beside messages.
struct ChooseSigns {
    bool typing = true;
    bool read = true;
};
/// Asks everyone's parley to remove what is said from now on after so many seconds; 0: never.
struct SetTimeToLive {
    std::uint32_t seconds = 0;
};
/// Where received files go, and how large they may be.
struct ChooseFiles {
    std::string folder = ".";
    std::uint64_t max_size = default_max_file_size;
};
/// Offer a file to everyone here.
struct SendFile {
    std::string path;
    bool to_newcomers = false;    ///< who comes later is offered it too
    bool unless_resumed = false;  ///< a transfer of this file that a former run began goes on instead
};
/// Takes back the offers of ours that nobody takes at this moment.
struct WithdrawOffers {};
struct ListFiles {};
/// Take a file that was offered, into this folder; nothing: where files go.
struct GetFile {
    std::uint64_t file;
    std::string folder;
};
struct DeclineFile {
    std::uint64_t file;
};
struct StopFile {
    std::uint64_t file;
};
/// Leave once everything is accepted and, where the peer is there, opened; after `patience` anyway.
struct Quit {
    Duration patience{};
};

/// A name of the user's own for somebody; nobody else may use it then.
struct Call {
    Whom whom;
    std::string petname;
};
/// Everybody known, in this room or not.
struct ListContacts {};

using Command = std::variant<Say, Rename, ListPeople, ShowSafetyNumber, Verify, Accept, Block, StartTyping, SeeAll,
                             ChooseSigns, SetTimeToLive, Call, ListContacts, Quit, ChooseFiles, SendFile, ListFiles,
                             GetFile, DeclineFile, StopFile, WithdrawOffers>;

}  // namespace parley::client
