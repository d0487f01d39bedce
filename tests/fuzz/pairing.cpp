// Pairing under bodies that the fuzzer chooses: nothing crashes, nobody is met who does not know the code,
// and what is decoded is encoded as the same bytes again.
#include <cstdlib>

#include "world/pairing.h"

namespace parley::test {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// 2 bytes of head and whatever is left: padded to a body, since no other size is ever read.
Bytes body_from(ByteView bytes) {
    auto body = to_bytes(bytes.first(std::min(bytes.size(), client::pairing_body)));
    body.resize(client::pairing_body);
    return body;
}

void read_message(ByteView body) {
    const auto message = client::decode_pairing(body);
    if (message) require(equal(client::encode(*message), body));
}

/// A stranger in the room says one thing after the other while two people meet.
void disturb(ByteView bytes) {
    PairingWorld world;
    const auto anna = world.invite();
    const auto room = world.room_of(anna);
    const auto code = world.code_of(anna);
    const auto stranger = world.stand_by(room);
    const auto ben = world.join(code);
    while (!bytes.empty()) {
        const auto size = std::min<std::size_t>(bytes.size(), 1 + bytes[0] * 4U);
        world.say(stranger, body_from(bytes.subspan(1, size - 1)));
        world.run_for(std::chrono::milliseconds(1 + bytes[0] % 3));
        bytes = bytes.subspan(size);
    }
    world.run_for(std::chrono::minutes(12));
    const auto fine = [&](std::size_t who, std::size_t other) { return world.met(who, other) || world.was_told(who); };
    require(fine(anna, ben) && fine(ben, anna));
    require(world.posted(PairingKind::answer, anna) <= 1);
}

}  // namespace
}  // namespace parley::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const parley::ByteView bytes(data, std::min<std::size_t>(size, 16'384));
    parley::test::read_message(bytes);
    parley::test::read_message(parley::test::body_from(bytes));
    parley::test::disturb(bytes);
    return 0;
}
