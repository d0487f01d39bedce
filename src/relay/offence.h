// What costs an address a while in which it may not connect.
#pragma once

#include "wire/frames.h"

namespace parley::relay {

enum class Offence : std::uint8_t {
    none,
    protocol_error,  ///< or nothing at all said in time
    refused_input,   ///< a guess at a secret or a token, or another version
};

/// Bad luck, full houses and slow readers cost nothing.
inline Offence offence_of(wire::RefuseReason reason, bool joined) {
    using enum wire::RefuseReason;
    switch (reason) {
        case protocol_error: return Offence::protocol_error;
        case too_late: return joined ? Offence::none : Offence::protocol_error;
        case wrong_version:
        case wrong_secret:
        case wrong_token: return Offence::refused_input;
        default: return Offence::none;
    }
}

}  // namespace parley::relay
