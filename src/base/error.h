// What can go wrong because of a peer, a relay, a disk or a user. Our own bugs go to ensure().
#pragma once

#include <expected>
#include <string_view>

namespace parley {

enum class Errc {
    // decoding
    truncated,      ///< bytes are missing
    trailing,       ///< bytes are left over
    not_canonical,  ///< a second encoding of a value that has exactly one
    too_large,      ///< beyond a limit
    unknown_type,   ///< no frame, kind or version of this number
    // cryptography
    bad_key,  ///< not a point on the curve, not an encapsulation key, or our own key
    bad_tag,  ///< a tag, MAC, commitment or signature does not verify
    // ratchet
    no_header_key,  ///< no header key of the session opens it
    too_many_skipped,
    duplicate,    ///< this very message was opened before
    rolled_back,  ///< another header under a number already used: state was copied or restored
    window_full,  ///< too many contents outstanding: queue until the peer acknowledges
    wrong_state,  ///< not allowed now
    // identity
    damaged_link,
    bad_input,  ///< a user's or a file's text that means nothing here
    // spoken codes
    code_spent,    ///< it had its one guess: someone tried, or a typo
    nobody_there,  ///< nobody waits with this code, or nobody came
    // profile
    not_found,
    in_use,     ///< another process has it open
    wrong_key,  ///< not the passphrase, or not the key file
    damaged,
    storage,  ///< the disk or its rights: full, read-only, not allowed
    // relay and connection
    wrong_version,
    wrong_secret,
    seat_taken_over,
    room_full,
    refused,
    slow_reader,
    idle,
    restarting,
    unreachable,
    untrusted,  ///< what answers at the address cannot show that it is the relay
    closed,
};

/// `what` is a literal: it never holds what a user or a peer wrote.
struct Error {
    Errc code;
    std::string_view what;

    friend bool operator==(const Error& error, Errc expected) { return error.code == expected; }
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

inline std::unexpected<Error> fail(Errc code, std::string_view literal) {
    return std::unexpected(Error{code, literal});
}

}  // namespace parley
