// A conversation of two identities in one room: seals contents into bodies and opens bodies.
#pragma once

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/random.h"
#include "base/time.h"
#include "ratchet/body.h"
#include "ratchet/keys.h"

namespace parley::ratchet {

/// What a body of each size can carry: all of it but kind, header, box and the content's length.
inline constexpr std::size_t body_overhead = 2440;
inline constexpr std::size_t max_small_content = small_body - body_overhead;    // 1,656
inline constexpr std::size_t max_medium_content = medium_body - body_overhead;  // 13,944
inline constexpr std::size_t max_content = large_body - body_overhead;          // 63,096

/// Double Ratchet with header encryption and hybrid ratchet steps (PROTOCOL 3.3 to 3.9). Made by a
/// handshake or restored. Bound to the pair of identities and the room by its transcript, and to
/// neither seat nor connection: a body may be posted again, byte for byte, at any time.
class Session {
public:
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// True once the peer has proven that it shares the keys: at once for the initiator, for the
    /// responder when the first message was opened. No user text is sealed before.
    bool confirmed() const;

    /// True once any message was opened: such a session is never replaced in silence (PROTOCOL 3.9).
    bool has_opened() const;

    const TranscriptHash& transcript() const;

    /// The smallest body that holds the content. Save the session before the body is sent.
    /// Errc::wrong_state before confirmation, Errc::too_large above max_content.
    Result<Bytes> seal(ByteView content, Random& random);

    /// The content. On failure nothing at all has changed.
    /// Errc::no_header_key: not of this session, or of a part of it that was forgotten;
    /// Errc::duplicate: this very body was opened before; Errc::rolled_back: its number was used for
    /// another body, so the peer's state was restored or copied; Errc::too_many_skipped;
    /// Errc::bad_tag: forged or damaged; Errc::bad_key: the ratchet key is invalid, ours, or used before.
    Result<SecretBytes> open(ByteView body, Time now);

    /// Forgets the keys of messages that have not come for 30 days.
    void on_time(Time now);

    /// The number of the next message in the chain that we send in; none: it begins another chain.
    std::optional<std::uint32_t> next_in_chain() const;

    /// Everything, canonical: equal states give equal bytes. Kept times become ages, because `now`
    /// means nothing in another process. Where the chain we send in is below `first_free`, the state that is
    /// saved goes on there: the keys before it may be used without another save (PROTOCOL 3.8).
    SecretBytes save(Time now, std::uint32_t first_free = 0) const;
    static Result<Session> restore(ByteView saved, Time now);

    /// Two sessions that both seal are what PROTOCOL 3.9 calls a copied state: only for a state that
    /// is tried out and thrown away, and for tests.
    Session duplicate() const;

    struct Inside;  // session.cpp
    explicit Session(std::unique_ptr<Inside> inside);

private:
    std::unique_ptr<Inside> inside_;
};

}  // namespace parley::ratchet
