// Whom the user knows beyond one room (PROTOCOL 2.3). In memory for one run; with a profile it lasts.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "client/people.h"
#include "identity/identity.h"

namespace parley::client {

enum class Standing : std::uint8_t {
    unverified,
    verified,  ///< the numbers were compared, or both met by a code
    changed,   ///< came with another key where a known person was: waits for /trust or /block
};

/// Seconds since 1970 by the shell's clock; 0: nobody told. A core asks no clock.
using WallSeconds = std::int64_t;

struct Contact {
    identity::PublicIdentity identity;
    std::string name;     ///< as it was last claimed
    std::string petname;  ///< what the user calls this person; empty: nothing of their own
    Standing standing = Standing::unverified;
    bool blocked = false;
    bool accepted = false;  ///< the user said /trust to it, whatever name it uses
    WallSeconds first_seen = 0;
    WallSeconds last_seen = 0;

    /// The name that nobody else may use: the user's own word, or one that came with a proof.
    bool is_pinned() const { return standing == Standing::verified || !petname.empty(); }
};

IdentityId id_of(const identity::PublicIdentity& identity);

class Contacts {
public:
    const Contact* find(const IdentityId& id) const;
    const std::map<IdentityId, Contact>& all() const { return contacts_; }
    Trust trust_in(const IdentityId& id) const;

    /// The identity was proven under this name; what was known of it stays.
    void met(const identity::PublicIdentity& identity, std::string_view name);
    /// Its safety number was compared, or it came through a code: before the handshake, or after.
    void verify(const identity::PublicIdentity& identity, std::string_view name);
    /// It lost its state, or someone copied its key: verified never survives that.
    void unverify(const IdentityId& id);
    /// Somebody new claims a place or a name that belongs to somebody else.
    void suspect(const identity::PublicIdentity& identity, std::string_view name);

    // What a person decides.
    void trust(const IdentityId& id);
    void block(const IdentityId& id);
    void call(const IdentityId& id, std::string petname);

    void seen(const IdentityId& id, WallSeconds when);
    void restore(Contact contact);

    /// `who` uses a name that a reader would take for that of somebody pinned, and no person said that
    /// this is right.
    bool imitates(std::string_view name, const IdentityId& who) const;

private:
    Contact* known(const IdentityId& id);
    Contact& at(const identity::PublicIdentity& identity, std::string_view name);

    std::map<IdentityId, Contact> contacts_;
};

/// What a user is in every room of a run, and whom they know: what a profile keeps.
struct Persona {
    identity::Identity identity;
    Contacts contacts{};
};

}  // namespace parley::client
