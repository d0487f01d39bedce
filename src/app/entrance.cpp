#include "app/entrance.h"

#include <iostream>

#include "app/rendezvous.h"

namespace parley::app {
namespace {

constexpr auto needs_tls = "this link asks for TLS, which this version does not speak: update parley";

Exit explain(const Run& run, Error why) {
    if (why == Errc::unreachable) {
        run.view->warn("No relay at " + identity::print(run.options.relay) +
                       ": check the address, or start one there with parley-relay.");
        return Exit::unreachable;
    }
    run.view->warn(std::string(why.what) + ".");
    return why == Errc::code_spent ? Exit::key_changed : Exit::failed;
}

using Entered = std::variant<Room, Exit>;

/// A link says where its room is, unless it came through a relay that both already reached.
Entered room_of(identity::Link link) {
    if (link.transport != identity::Transport::plain) return complain(needs_tls);
    return Room{std::move(link.secret), link.relay, link.token};
}

Entered enter(Run& run, const NewRoom&, std::string_view) {
    auto link = new_link(run.options, run.random);
    std::cout << identity::print(link) << std::endl;
    return room_of(std::move(link));
}

Entered enter(Run&, const RoomOfLink& entrance, std::string_view) {
    auto link = identity::parse_scanned_link(entrance.link);
    if (!link) return complain(link.error().what);
    if (entrance.from_argument) {
        std::cerr << "[!] Others on this machine can read the link with ps: better paste it when parley join asks.\n";
    }
    return room_of(std::move(*link));
}

/// The code brought a link and the other's identity: the room is next, at the relay where the two met.
Entered enter(Run& run, Result<client::Met> met) {
    if (!met) return explain(run, met.error());
    met->link.relay = run.options.relay;
    run.home.persona().contacts.verify(met->peer, "");
    run.view->note("The code matched on both sides.");
    return room_of(std::move(met->link));
}

Entered enter(Run& run, const NewRoomByCode&, std::string_view other_word) {
    const auto& relay = run.options.relay;
    auto pairing = client::Pairing::invite({new_link(run.options, run.random), run.self()}, run.random);
    const auto host_one = [&](const Error&) { return run.host.start_at(relay, *run.view); };
    return enter(run, meet(std::move(pairing), {relay, other_word}, *run.view, host_one));
}

Entered enter(Run& run, RoomOfCode& entrance, std::string_view) {
    const auto& relay = run.options.relay;
    run.view->note("Looking for who made this code at " + identity::print(relay) + "...");
    auto pairing = client::Pairing::join({std::move(entrance.code), run.self()}, run.random);
    return enter(run, meet(std::move(pairing), {relay, {}}, *run.view));
}

}  // namespace

identity::Link new_link(const Options& options, Random& random) {
    return {options.relay, random.secret<identity::RoomSecret>(), identity::Transport::plain, {}, {}};
}

std::variant<Room, Exit> enter(Run& run, Entrance& entrance, std::string_view other_word) {
    return std::visit([&](auto& way) { return enter(run, way, other_word); }, entrance);
}

}  // namespace parley::app
