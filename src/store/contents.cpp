#include "store/contents.h"

#include <memory>

#include "client/save.h"

namespace parley::store {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t smallest_room = 4 + 2 + 1 + 32 + 1 + 1 + 8 + 4;

using client::Loader;
using client::Saver;

void save(Saver& out, const std::optional<FixedBytes<16>>& field) {
    out.flag(field.has_value());
    if (field) out.raw(*field);
}

std::optional<FixedBytes<16>> optional_field(Loader& in) {
    return in.flag() ? std::optional(in.array<16>()) : std::nullopt;
}

void save(Saver& out, const Room& room) {
    out.text(room.link.relay.host);
    out.number(room.link.relay.port);
    out.number(static_cast<std::uint8_t>(room.link.relay.transport));
    out.raw(room.link.secret.reveal());
    save(out, room.link.relay.pin);
    save(out, room.link.token);
    out.number(static_cast<std::uint64_t>(room.last_used));
    out.bytes(room.state.reveal());
}

identity::RoomSecret secret(Loader& in) {
    return identity::RoomSecret::filled([&](auto out) { std::ranges::copy(in.raw(out.size()), out.begin()); });
}

identity::Transport transport(Loader& in) {
    const auto value = in.number<std::uint8_t>();
    in.expect(value <= static_cast<std::uint8_t>(identity::Transport::tls_by_ca));
    return static_cast<identity::Transport>(value);
}

Room load_room(Loader& in) {
    auto host = in.text();
    const auto port = in.number<std::uint16_t>();
    const identity::RelayAddress relay{std::move(host), port, transport(in)};
    identity::Link link{relay, secret(in), {}};
    link.relay.pin = optional_field(in);
    link.token = optional_field(in);
    Room room{std::move(link)};
    room.last_used = static_cast<client::WallSeconds>(in.number<std::uint64_t>());
    room.state = SecretBytes(in.bytes());
    return room;
}

}  // namespace

SecretBytes encode(const client::Persona& persona, const std::vector<std::unique_ptr<Room>>& rooms) {
    Saver out(Time{});
    out.number(version);
    out.bytes(client::save(persona).reveal());
    out.count(rooms.size());
    for (const auto& room : rooms) save(out, *room);
    return out.finish();
}

Result<Contents> decode_contents(ByteView bytes) {
    Loader in(bytes, Time{});
    if (in.number<std::uint8_t>() != version) return fail(Errc::unknown_type, "no version of a profile's contents");
    auto persona = client::restore_persona(in.bytes());
    if (!persona) return std::unexpected(persona.error());
    Contents contents{std::move(*persona)};
    for (auto left = in.count(smallest_room); left > 0; --left) contents.rooms.push_back(load_room(in));
    if (const auto whole = in.finish(); !whole) return std::unexpected(whole.error());
    return contents;
}

}  // namespace parley::store
