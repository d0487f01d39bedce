// Who a person is to the one who sits in front of the screen.
#pragma once

#include <string>

#include "base/id.h"

namespace parley::client {

/// SHA-256 of a public identity, cut to 16 bytes: names an author inside contents and lists.
using IdentityId = Id<struct IdentityIdTag, 16>;

/// PROTOCOL 2.3. `verified` never survives a change of key or a lost state.
enum class Trust {
    not_verified,
    verified,     ///< the safety numbers were compared
    key_changed,  ///< the seat, or the name of a verified person, came with another identity
    restarted,    ///< lost its state, or someone copied its key: no text until accepted
    blocked,      ///< the user wants nothing from this person
};

enum class Presence { present, away, gone };

/// What a screen needs to name a person. `name` is the peer's claim and passes the display filter.
struct Person {
    IdentityId id;
    std::string name;
    std::string tag;  ///< four characters made of the identity
    Trust trust = Trust::not_verified;
    Presence presence = Presence::present;

    friend bool operator==(const Person&, const Person&) = default;
};

}  // namespace parley::client
