// What a profile keeps of a person: the identity, and whom they know.
#include "base/utf8.h"
#include "client/contacts.h"
#include "client/save.h"

namespace parley::client {
namespace {

constexpr std::uint8_t version = 1;

void save(Saver& out, const Contact& contact) {
    out.raw(contact.identity.bytes());
    out.text(contact.name);
    out.text(contact.petname);
    out.number(static_cast<std::uint8_t>(contact.standing));
    out.flag(contact.blocked);
    out.flag(contact.accepted);
    out.number(static_cast<std::uint64_t>(contact.first_seen));
    out.number(static_cast<std::uint64_t>(contact.last_seen));
}
constexpr std::size_t smallest_contact = identity::PublicIdentity::size + 4 + 4 + 1 + 1 + 1 + 8 + 8;

std::string name(Loader& in) {
    auto text = in.text();
    in.expect(is_valid_utf8(text));
    return text;
}

Standing standing(Loader& in) {
    const auto value = in.number<std::uint8_t>();
    in.expect(value <= static_cast<std::uint8_t>(Standing::changed));
    return static_cast<Standing>(value);
}

Result<Contact> contact(Loader& in) {
    auto identity = identity::PublicIdentity::parse(in.raw(identity::PublicIdentity::size));
    if (!identity) return std::unexpected(identity.error());
    Contact contact{std::move(*identity), name(in), name(in)};
    contact.standing = standing(in);
    contact.blocked = in.flag();
    contact.accepted = in.flag();
    contact.first_seen = static_cast<WallSeconds>(in.number<std::uint64_t>());
    contact.last_seen = static_cast<WallSeconds>(in.number<std::uint64_t>());
    return contact;
}

Status restore(Loader& in, Contacts& contacts) {
    std::optional<IdentityId> before;
    for (auto left = in.count(smallest_contact); left > 0; --left) {
        auto one = contact(in);
        if (!one) return std::unexpected(one.error());
        const auto id = id_of(one->identity);
        in.expect(!before || *before < id);
        before = id;
        contacts.restore(std::move(*one));
    }
    return in.finish();
}

}  // namespace

SecretBytes save(const Persona& persona) {
    Saver out(Time{});
    out.number(version);
    out.raw(persona.identity.save().reveal());
    out.count(persona.contacts.all().size());
    for (const auto& [id, contact] : persona.contacts.all()) save(out, contact);
    return out.finish();
}

Result<Persona> restore_persona(ByteView saved) {
    Loader in(saved, Time{});
    if (in.number<std::uint8_t>() != version) return fail(Errc::unknown_type, "no version of a person");
    const auto scalars = in.raw(64);
    if (scalars.empty()) return fail(Errc::truncated, "bytes are missing");
    auto identity = identity::Identity::restore(scalars.first<64>());
    if (!identity) return std::unexpected(identity.error());
    Persona persona{std::move(*identity)};
    if (auto status = restore(in, persona.contacts); !status) return std::unexpected(status.error());
    return persona;
}

}  // namespace parley::client
