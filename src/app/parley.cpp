// parley: the chat program. Builds the objects and runs them.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "app/rendezvous.h"
#include "app/screen_session.h"
#include "app/session.h"
#include "net/process.h"
#include "ui/json.h"
#include "ui/plain.h"

namespace parley::app {
namespace {

Exit complain(std::string_view what) {
    std::cerr << "parley: " << what << '\n';
    return Exit::wrong_use;
}

std::unique_ptr<ui::View> make_view(const Options& options) {
    if (options.mode == Mode::json) return std::make_unique<ui::JsonView>(stdout);
    return std::make_unique<ui::PlainView>(stdout, stderr);
}

/// What a whole run has, whatever rooms it goes to: who we are, whom we know, and the relay we may host.
struct Run {
    explicit Run(const Options& chosen) : options(chosen) { view->note("Fresh keys made for this run."); }

    const Options& options;
    std::unique_ptr<ui::View> view = make_view(options);
    crypto::SystemRandom random{};
    client::Persona persona{identity::Identity::generate(random)};
    Host host{options.may_host ? Host::Allowed::yes : Host::Allowed::no};

    const identity::PublicIdentity& self() const { return persona.identity.public_identity(); }
};

bool wants_screen(const Options& options) {
    const bool at_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return options.mode == Mode::automatic && at_terminal && ui::screen::is_known_terminal();
}

enum class Greeting { hint, link };

Exit converse_on_screen(Run& run, Room room, Greeting greeting) {
    std::string last_words;
    Exit exit;
    {
        ScreenSession session(run.options, run.persona, run.host);
        session.open(std::move(room)).note("Fresh keys made for this run.");
        if (greeting == Greeting::link) session.show_link();
        exit = session.run();
        last_words = session.last_words();
    }
    if (!last_words.empty()) run.view->warn(last_words);
    return exit;
}

Exit converse(Run& run, Room room, Greeting greeting = Greeting::hint) {
    if (wants_screen(run.options)) return converse_on_screen(run, std::move(room), greeting);
    Session session(run.options, run.persona, run.host, std::move(room), *run.view);
    return session.run();
}

Exit converse(const Options& options, Room room, Greeting greeting = Greeting::hint) {
    Run run(options);
    return converse(run, std::move(room), greeting);
}

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

/// The code brought a link and the other's identity: the room is next, at the relay where the two met.
Exit converse_with(Run& run, Result<client::Met> met) {
    if (!met) return explain(run, met.error());
    if (met->link.transport != identity::Transport::plain) return complain(needs_tls);
    run.persona.contacts.verify(met->peer, "");
    run.view->note("The code matched on both sides.");
    return converse(run, {std::move(met->link.secret), run.options.relay, met->link.token});
}

Exit perform(const Options& options, const Chat&) {
    return converse(options, {identity::lobby_secret(), options.relay, std::nullopt});
}

identity::Link new_link(const Options& options, Random& random) {
    return {options.relay, random.secret<identity::RoomSecret>(), identity::Transport::plain, {}, {}};
}

Exit perform(const Options& options, const Invite& invite) {
    crypto::SystemRandom random;
    auto link = new_link(options, random);
    std::cout << identity::print(link) << std::endl;
    if (invite.print_only) return Exit::done;
    return converse(options, {std::move(link.secret), options.relay, std::nullopt}, Greeting::link);
}

Exit perform(const Options& options, const InviteByCode&) {
    Run run(options);
    auto pairing = client::Pairing::invite({new_link(options, run.random), run.self()}, run.random);
    const auto host_one = [&](const Error&) { return run.host.start_at(options.relay, *run.view); };
    return converse_with(run, meet(std::move(pairing), options.relay, *run.view, host_one));
}

Exit perform(const Options& options, JoinByCode& join) {
    Run run(options);
    run.view->note("Looking for who made this code at " + identity::print(options.relay) + "...");
    auto pairing = client::Pairing::join({std::move(join.code), run.self()}, run.random);
    return converse_with(run, meet(std::move(pairing), options.relay, *run.view));
}

Exit perform(const Options& options, const Join& join) {
    auto link = identity::parse_scanned_link(join.link);
    if (!link) return complain(link.error().what);
    if (link->transport != identity::Transport::plain) return complain(needs_tls);
    if (join.from_argument) {
        std::cerr << "[!] Others on this machine can read the link with ps: better paste it when parley join asks.\n";
    }
    return converse(options, {std::move(link->secret), link->relay, link->token});
}

/// Keys that could reach a disk are said, where there is a disk they could reach.
void protect_keys() {
    if (net::lock_memory() || !net::has_swap()) return;
    std::cerr << "[*] Keys and messages in memory may reach swap: raise ulimit -l to keep them out.\n";
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    try {
        parley::net::harden_process();
        protect_keys();
        auto parsed = parse_options(argc, argv);
        if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
        auto& options = std::get<Options>(parsed);
        return static_cast<int>(std::visit([&](auto& task) { return perform(options, task); }, options.task));
    } catch (const std::exception& failure) {
        std::cerr << "parley: " << failure.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
