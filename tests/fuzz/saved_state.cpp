// A saved room, a saved person and a profile's contents: any bytes are refused, or are the one encoding of what they
// say. ATTACKS 22
#include <cstdlib>

#include "client/client.h"
#include "client/save.h"
#include "store/contents.h"
#include "store/envelope.h"
#include "world/world.h"

namespace parley {
namespace {

using namespace std::chrono_literals;

void require(bool holds) {
    if (!holds) std::abort();
}

/// A room in which two have talked and exchange files, and one of them as saved.
struct Everything {
    test::World world{1};
    test::SeededRandom random{1};
    std::optional<client::Persona> persona;

    Everything() {
        for (const auto* name : {"anna", "ben"}) world.start(world.add({.name = name, .keeps_seat = true}));
        world.settle();
        world.say(0, "hello");
        world.settle();
        world.say(1, "hello");
        exchange_files();
        world.kill_relay();
        world.say(0, "in the outbox");
        persona = client::restore_persona(world.saved(0)->persona).value();
    }

private:
    /// One in each state: read for its hash, sent, offered and waiting, coming in, done.
    void exchange_files() {
        for (const std::size_t who : {0U, 1U}) world.disk(who).files["/f"] = Bytes(200 * client::chunk_size, 1);
        world.disk(1).files["/done"] = {};
        for (const auto* path : {"/done", "/f", "/f"}) world.command(1, client::SendFile{path});
        world.command(0, client::SendFile{"/f", true});
        world.settle();
        for (const std::uint64_t file : {1U, 2U}) world.command(0, client::GetFile{file, "/in"});
        world.command(1, client::GetFile{4, "/in"});
        world.run_for(30ms);
        world.disk(0).hold(true);
        world.command(0, client::SendFile{"/f"});
    }
};

/// The input laid over a whole state from one place on: behind what is valid the fuzzer finds the rest.
Bytes laid_over(ByteView whole, ByteView input) {
    auto bytes = to_bytes(whole);
    Reader in(input);
    const auto at = in.number<std::uint32_t>() % bytes.size();
    const auto rest = in.rest();
    const auto fitting = rest.first(std::min(rest.size(), bytes.size() - at));
    std::ranges::copy(fitting, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return bytes;
}

void try_room(Everything& all, ByteView input) {
    const auto bytes = laid_over(all.world.saved(0)->room, input);
    const Bytes secret(32, 1);
    client::Config config{identity::RoomSecret(ByteView(secret).first<32>()), "anna", 600, {}};
    const auto room = client::Client::restore(std::move(config), *all.persona, all.random, bytes, {});
    // A state of the version before is read and not written any more.
    const bool is_current = bytes.front() != 1;
    if (room && is_current) require(equal((*room)->save(Time{}).reveal(), bytes));
}

void try_person(ByteView bytes) {
    const auto persona = client::restore_persona(bytes);
    if (persona) require(equal(client::save(*persona).reveal(), bytes));
}

void try_file(ByteView bytes) {
    constexpr crypto::PasswordCost cheap{64, 1, 1};
    static const store::LockedKey key;
    if (store::read_opening(bytes, cheap)) require(!store::open_file(bytes, key));
}

}  // namespace
}  // namespace parley

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static parley::Everything all;
    const parley::ByteView bytes(data, size);
    if (bytes.empty()) return 0;
    switch (bytes.front() % 4) {
        case 0: parley::try_room(all, bytes.subspan(1)); break;
        case 1: parley::try_person(bytes.subspan(1)); break;
        case 2: (void)parley::store::decode_contents(bytes.subspan(1)); break;
        default: parley::try_file(bytes.subspan(1));
    }
    return 0;
}
