// parley: the chat program. Builds the objects and runs them.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "app/courier.h"
#include "app/profiles.h"
#include "app/rendezvous.h"
#include "app/screen_session.h"
#include "app/session.h"
#include "net/process.h"
#include "identity/fingerprint.h"
#include "ui/json.h"
#include "ui/plain.h"
#include "ui/qr.h"

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
    Run(const Options& chosen, Home& whose) : options(chosen), home(whose) {}

    const Options& options;
    Home& home;
    std::unique_ptr<ui::View> view = make_view(options);
    Random& random = home.random();
    Host host{options.may_host ? Host::Allowed::yes : Host::Allowed::no};

    const identity::PublicIdentity& self() const { return home.persona().identity.public_identity(); }
};

constexpr auto older_copy =
    "This is an older copy of the profile: what was said since is not in it. The others will be told that your state "
    "was "
    "put back, and wait until they /accept it. If there is a newer copy, end here and put that one back.";

void greet(ui::View& view, Home& home) {
    if (!home.is_kept()) return view.note("Fresh keys made for this run.");
    view.note("Profile " + home.profile().name() + ", #" + identity::tag(home.persona().identity.public_identity()) +
              ".");
    if (home.profile().is_older_copy()) view.warn(older_copy);
}

bool wants_screen(const Options& options) {
    const bool at_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return options.mode == Mode::automatic && at_terminal && ui::screen::is_known_terminal();
}

enum class Greeting { hint, link };

Exit converse_on_screen(Run& run, std::vector<Room> rooms, Greeting greeting) {
    std::string last_words;
    Exit exit;
    {
        ScreenSession session(run.options, run.home, run.host);
        for (auto& room : rooms) greet(session.open(std::move(room)), run.home);
        if (greeting == Greeting::link) session.show_link();
        exit = session.run();
        last_words = session.last_words();
    }
    if (!last_words.empty()) run.view->warn(last_words);
    return exit;
}

/// The last of the rooms is the one to look at; plain mode has no other.
Exit converse(Run& run, std::vector<Room> rooms, Greeting greeting = Greeting::hint) {
    if (wants_screen(run.options)) return converse_on_screen(run, std::move(rooms), greeting);
    greet(*run.view, run.home);
    Session session(run.options, run.home, run.host, std::move(rooms.back()), *run.view);
    return session.run();
}

Exit converse(Run& run, Room room, Greeting greeting = Greeting::hint) {
    std::vector<Room> rooms;
    rooms.push_back(std::move(room));
    return converse(run, std::move(rooms), greeting);
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
    run.home.persona().contacts.verify(met->peer, "");
    run.view->note("The code matched on both sides.");
    return converse(run, {std::move(met->link.secret), run.options.relay, met->link.token});
}

/// The rooms of a profile, the one used last at the end.
std::vector<Room> remembered(Home& home) {
    std::vector<Room> rooms;
    for (const auto* room : home.profile().rooms()) {
        rooms.push_back({room->link.secret.duplicate(), room->link.relay, room->link.token});
    }
    std::ranges::reverse(rooms);
    return rooms;
}

Exit perform(Run& run, const Chat&) {
    auto rooms = run.home.is_kept() && !run.options.relay_given ? remembered(run.home) : std::vector<Room>();
    if (rooms.empty()) rooms.push_back({identity::lobby_secret(), run.options.relay, std::nullopt});
    return converse(run, std::move(rooms));
}

identity::Link new_link(const Options& options, Random& random) {
    return {options.relay, random.secret<identity::RoomSecret>(), identity::Transport::plain, {}, {}};
}

Exit perform(Run& run, const Invite&) {
    auto link = new_link(run.options, run.random);
    std::cout << identity::print(link) << std::endl;
    return converse(run, {std::move(link.secret), run.options.relay, std::nullopt}, Greeting::link);
}

Exit perform(Run& run, const InviteByCode&) {
    const auto& options = run.options;
    auto pairing = client::Pairing::invite({new_link(options, run.random), run.self()}, run.random);
    const auto host_one = [&](const Error&) { return run.host.start_at(options.relay, *run.view); };
    return converse_with(run, meet(std::move(pairing), options.relay, *run.view, host_one));
}

Exit perform(Run& run, JoinByCode& join) {
    const auto& options = run.options;
    run.view->note("Looking for who made this code at " + identity::print(options.relay) + "...");
    auto pairing = client::Pairing::join({std::move(join.code), run.self()}, run.random);
    return converse_with(run, meet(std::move(pairing), options.relay, *run.view));
}

Exit perform(Run& run, const Join& join) {
    auto link = identity::parse_scanned_link(join.link);
    if (!link) return complain(link.error().what);
    if (link->transport != identity::Transport::plain) return complain(needs_tls);
    if (join.from_argument) {
        std::cerr << "[!] Others on this machine can read the link with ps: better paste it when parley join asks.\n";
    }
    return converse(run, {std::move(link->secret), link->relay, link->token});
}

/// The room of a link that came from a file or a prompt.
std::variant<Room, Exit> room_of(const std::string& text) {
    auto link = identity::parse_scanned_link(text);
    if (!link) return complain(link.error().what);
    if (link->transport != identity::Transport::plain) return complain(needs_tls);
    return Room{std::move(link->secret), link->relay, link->token};
}

Exit perform(Run& run, const Send& task) {
    const auto link = task.link.empty() ? identity::print(new_link(run.options, run.random)) : task.link;
    auto room = room_of(link);
    if (const auto* failed = std::get_if<Exit>(&room)) return *failed;
    if (task.link.empty()) std::cout << link << std::endl;
    greet(*run.view, run.home);
    return Courier(run.options, run.home, run.host, std::get<Room>(std::move(room)), *run.view).send(task.files);
}

Exit perform(Run& run, const Receive& task) {
    auto room = room_of(task.link);
    if (const auto* failed = std::get_if<Exit>(&room)) return *failed;
    greet(*run.view, run.home);
    return Courier(run.options, run.home, run.host, std::get<Room>(std::move(room)), *run.view)
        .receive(task.yes_to_all);
}

/// Managed before there is a run.
Exit perform(Run&, const ManageProfiles&) { return Exit::done; }

/// Beside the link, for a camera; standard output has the link alone.
void show_qr(const identity::Link& link) {
    if (::isatty(STDOUT_FILENO) != 1 || !ui::screen::adopt_environment().unicode) return;
    if (const auto picture = ui::qr_of(identity::print_for_qr(link))) std::cerr << ui::qr_lines(*picture);
}

/// What asks for no identity comes before a profile is opened.
std::optional<Exit> perform_without_home(const Options& options) {
    if (const auto* task = std::get_if<ManageProfiles>(&options.task)) return manage_profiles(*task, options.profile);
    const auto* invite = std::get_if<Invite>(&options.task);
    if (invite == nullptr || !invite->print_only) return std::nullopt;
    crypto::SystemRandom random;
    const auto link = new_link(options, random);
    std::cout << identity::print(link) << std::endl;
    show_qr(link);
    return Exit::done;
}

Exit perform_at(Home& home, Options& options) {
    Run run(options, home);
    return std::visit([&](auto& task) { return perform(run, task); }, options.task);
}

Exit perform(Options& options) {
    if (const auto done = perform_without_home(options)) return *done;
    if (options.profile.name.empty()) {
        Home home;
        return perform_at(home, options);
    }
    crypto::SystemRandom random;
    auto profile = open_profile(options.profile, random);
    if (!profile) {
        std::cerr << "parley: " << profile.error().what << '\n';
        return profile.error().code == Errc::bad_input ? Exit::wrong_use : Exit::failed;
    }
    Home home(std::move(*profile));
    return perform_at(home, options);
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
        return static_cast<int>(perform(std::get<Options>(parsed)));
    } catch (const std::exception& failure) {
        std::cerr << "parley: " << failure.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
