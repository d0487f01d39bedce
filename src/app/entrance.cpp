#include "app/entrance.h"

#include <iostream>

#include "app/reach.h"
#include "app/rendezvous.h"
#include "app/verdict.h"

namespace parley::app {
namespace {

Exit explain(const Run& run, Error why) {
    const bool no_relay_there = why == Errc::unreachable || why == Errc::untrusted;
    if (no_relay_there) {
        run.view->warn(no_relay(run.options.relay, why));
        return Verdict::exit_for(why);
    }
    run.view->warn(std::string(why.what) + ".");
    return why == Errc::code_spent ? Exit::key_changed : Exit::failed;
}

using Entered = std::variant<Room, Exit>;

/// A link says where its room is, unless it came through a relay that both already reached.
Entered room_of(const Run& run, identity::Link link) {
    if (const auto may = may_reach(link.relay, run.options); !may) return complain(may.error().what);
    return Room{std::move(link.secret), link.relay, link.token};
}

Entered enter(Run& run, const NewRoom&, std::string_view) {
    auto link = new_link(run.options, run.random);
    std::cout << identity::print(link) << std::endl;
    return room_of(run, std::move(link));
}

Entered enter(Run& run, const RoomOfLink& entrance, std::string_view) {
    auto link = identity::parse_scanned_link(entrance.link);
    if (!link) return complain(link.error().what);
    if (entrance.from_argument) {
        std::cerr << "[!] Others on this machine can read the link with ps: better paste it when parley join asks.\n";
    }
    return room_of(run, std::move(*link));
}

/// The code brought a link and the other's identity: the room is next, at the relay where the two met.
Entered enter(Run& run, Result<client::Met> met) {
    if (!met) return explain(run, met.error());
    met->link.relay = run.options.relay;
    run.home.persona().contacts.verify(met->peer, "");
    run.view->note("The code matched on both sides.");
    return room_of(run, std::move(met->link));
}

Entered enter(Run& run, const NewRoomByCode&, std::string_view other_word) {
    const auto& relay = run.options.relay;
    auto pairing = client::Pairing::invite({new_link(run.options, run.random), run.self()}, run.random);
    const auto host_one = [&](const Error&) { return run.host.start_at(relay, *run.view); };
    return enter(run, meet(std::move(pairing), {relay, run.options.proxy, other_word}, *run.view, host_one));
}

Entered enter(Run& run, RoomOfCode& entrance, std::string_view) {
    const auto& relay = run.options.relay;
    run.view->note("Looking for who made this code at " + identity::print(relay) + "...");
    auto pairing = client::Pairing::join({std::move(entrance.code), run.self()}, run.random, run.options.token);
    return enter(run, meet(std::move(pairing), {relay, run.options.proxy, {}}, *run.view));
}

}  // namespace

identity::Link new_link(const Options& options, Random& random) {
    return {options.relay, random.secret<identity::RoomSecret>(), options.token};
}

std::variant<Room, Exit> enter(Run& run, Entrance& entrance, std::string_view other_word) {
    return std::visit([&](auto& way) { return enter(run, way, other_word); }, entrance);
}

}  // namespace parley::app
