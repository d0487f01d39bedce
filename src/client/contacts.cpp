#include "client/contacts.h"

#include "client/text.h"
#include "crypto/hash.h"
#include "crypto/labels.h"

namespace parley::client {

IdentityId id_of(const identity::PublicIdentity& identity) {
    const auto digest = crypto::sha256({crypto::labels::identity_id, identity.bytes()});
    return IdentityId(digest.view().first<IdentityId::size>());
}

const Contact* Contacts::find(const IdentityId& id) const {
    const auto found = contacts_.find(id);
    return found == contacts_.end() ? nullptr : &found->second;
}

Contact* Contacts::known(const IdentityId& id) {
    const auto found = contacts_.find(id);
    return found == contacts_.end() ? nullptr : &found->second;
}

Contact& Contacts::at(const identity::PublicIdentity& identity, std::string_view name) {
    auto& contact = contacts_.try_emplace(id_of(identity), Contact{identity, {}, {}}).first->second;
    if (!name.empty()) contact.name = name;
    return contact;
}

Trust Contacts::trust_in(const IdentityId& id) const {
    const auto* contact = find(id);
    if (contact == nullptr) return Trust::not_verified;
    if (contact->blocked) return Trust::blocked;
    switch (contact->standing) {
        case Standing::unverified: return Trust::not_verified;
        case Standing::verified: return Trust::verified;
        case Standing::changed: return Trust::key_changed;
    }
    return Trust::not_verified;
}

void Contacts::met(const identity::PublicIdentity& identity, std::string_view name) { at(identity, name); }

void Contacts::verify(const identity::PublicIdentity& identity, std::string_view name) {
    at(identity, name).standing = Standing::verified;
}

void Contacts::unverify(const IdentityId& id) {
    if (auto* contact = known(id); contact && contact->standing == Standing::verified) {
        contact->standing = Standing::unverified;
    }
}

void Contacts::suspect(const identity::PublicIdentity& identity, std::string_view name) {
    // Anybody can show the public identity of somebody else: that must not touch a contact we have.
    if (find(id_of(identity)) == nullptr) at(identity, name).standing = Standing::changed;
}

void Contacts::trust(const IdentityId& id) {
    auto* contact = known(id);
    if (contact == nullptr) return;
    contact->blocked = false;
    contact->accepted = true;
    if (contact->standing == Standing::changed) contact->standing = Standing::unverified;
}

void Contacts::block(const IdentityId& id) {
    if (auto* contact = known(id)) contact->blocked = true;
}

void Contacts::call(const IdentityId& id, std::string petname) {
    if (auto* contact = known(id)) contact->petname = std::move(petname);
}

void Contacts::seen(const IdentityId& id, WallSeconds when) {
    auto* contact = known(id);
    if (contact == nullptr) return;
    if (contact->first_seen == 0) contact->first_seen = when;
    contact->last_seen = when;
}

void Contacts::restore(Contact contact) {
    const auto id = id_of(contact.identity);
    contacts_.insert_or_assign(id, std::move(contact));
}

bool Contacts::imitates(std::string_view name, const IdentityId& who) const {
    const auto* contact = find(who);
    if (contact != nullptr && contact->accepted) return false;
    const auto wanted = folded(name);
    return std::ranges::any_of(contacts_, [&](const auto& entry) {
        const auto& [id, known] = entry;
        if (id == who || !known.is_pinned()) return false;
        return folded(known.name) == wanted || (!known.petname.empty() && folded(known.petname) == wanted);
    });
}

}  // namespace parley::client
