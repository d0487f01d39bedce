// parley: the chat program. Builds the objects and runs them.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "app/courier.h"
#include "app/entrance.h"
#include "app/profiles.h"
#include "app/reach.h"
#include "app/screen_session.h"
#include "app/session.h"
#include "net/process.h"
#include "identity/fingerprint.h"
#include "ui/qr.h"

namespace parley::app {
namespace {

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
    if (rooms.empty()) rooms.push_back({identity::lobby_secret(), run.options.relay, run.options.token});
    for (const auto& room : rooms) {
        if (const auto may = may_reach(room.relay, run.options); !may) return complain(may.error().what);
    }
    return converse(run, std::move(rooms));
}

Exit perform(Run& run, Talk& task) {
    const auto greeting = std::holds_alternative<NewRoom>(task.entrance) ? Greeting::link : Greeting::hint;
    auto entered = enter(run, task.entrance, "join");
    if (const auto* failed = std::get_if<Exit>(&entered)) return *failed;
    return converse(run, std::get<Room>(std::move(entered)), greeting);
}

Courier courier(Run& run, Room room) {
    greet(*run.view, run.home);
    return Courier(run.options, run.home, run.host, std::move(room), *run.view);
}

Exit perform(Run& run, Send& task) {
    auto entered = enter(run, task.entrance, "recv");
    if (const auto* failed = std::get_if<Exit>(&entered)) return *failed;
    return courier(run, std::get<Room>(std::move(entered))).send(task.files);
}

Exit perform(Run& run, Receive& task) {
    auto entered = enter(run, task.entrance, "send");
    if (const auto* failed = std::get_if<Exit>(&entered)) return *failed;
    return courier(run, std::get<Room>(std::move(entered))).receive(task.yes_to_all);
}

/// What asks for no identity is done before there is a run.
Exit perform(Run&, const ManageProfiles&) { return Exit::done; }
Exit perform(Run&, const PrintLink&) { return Exit::done; }

/// Beside the link, for a camera; standard output has the link alone.
void show_qr(const identity::Link& link) {
    if (::isatty(STDOUT_FILENO) != 1 || !ui::screen::adopt_environment().unicode) return;
    if (const auto picture = ui::qr_of(identity::print_for_qr(link))) std::cerr << ui::qr_lines(*picture);
}

/// What asks for no identity comes before a profile is opened.
std::optional<Exit> perform_without_home(const Options& options) {
    if (const auto* task = std::get_if<ManageProfiles>(&options.task)) return manage_profiles(*task, options.profile);
    if (!std::holds_alternative<PrintLink>(options.task)) return std::nullopt;
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
        std::setvbuf(stdout, nullptr, _IONBF, 0);  // lines are written whole: no buffer keeps the last of them
        auto parsed = parse_options(argc, argv);
        if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
        return static_cast<int>(perform(std::get<Options>(parsed)));
    } catch (const std::exception& failure) {
        std::cerr << "parley: " << failure.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
