// Everything a user can ask of the client core.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/time.h"

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
/// Leave once everything is accepted and, where the peer is there, opened; after `patience` anyway.
struct Quit {
    Duration patience{};
};

using Command = std::variant<Say, Rename, ListPeople, ShowSafetyNumber, Verify, Accept, Block, Quit>;

}  // namespace parley::client
