#include "app/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <fstream>
#include <iostream>
#include <unistd.h>

#include "app/version.h"
#include "identity/card.h"
#include "ui/input.h"
#include "ui/prompt.h"

namespace parley::app {
namespace {

constexpr auto examples = R"(
Examples:
  parley                                   talk with whoever is at this machine's relay
  parley --relay chat.example.org:5555     the same at another relay
  parley invite                            make a private room and show its link
  parley join                              asks for the link, so that no process list shows it
  parley invite --code                     a code to say on the phone; the other side: parley join --code
  parley profile new anna                  an identity that lasts; then: parley --profile anna
  parley send photo.jpg                    shows a link; the other side: parley recv, and pastes it
  parley send --code photo.jpg             shows a code to say; the other side: parley recv --code
  make 2>&1 | parley join --plain --name ci --link-file link
)";

/// What CLI11 fills before it is checked.
struct Raw {
    std::string relay = "127.0.0.1:5555";
    std::string name = "guest";
    std::string link;
    std::string link_file;
    bool plain = false;
    bool json = false;
    bool no_host = false;
    bool print = false;
    bool by_code = false;
    bool relay_given = false;
    bool name_given = false;
    ProfileChoice profile;
    int passphrase_fd = -1;
    bool certain = false;
    bool yes = false;
    std::vector<std::string> files;
    std::string folder = ".";
    std::string max_size = "16G";
};

void add_keys(CLI::App& app, Raw& raw) {
    auto* file = app.add_option("--key-file", raw.profile.key_file, "a file of 32 random bytes that opens the profile");
    app.add_option("--passphrase-fd", raw.passphrase_fd, "reads the passphrase from this descriptor")
        ->check(CLI::NonNegativeNumber)
        ->excludes(file);
}

void add_shared(CLI::App& app, Raw& raw, const char* folder = "--dir") {
    app.add_option("--relay", raw.relay, "the relay's HOST:PORT")
        ->envname("PARLEY_RELAY")
        ->capture_default_str()
        ->each([&raw](const std::string&) { raw.relay_given = true; });
    app.add_option("--name", raw.name, "your name, 1 to 64 bytes")
        ->envname("PARLEY_NAME")
        ->capture_default_str()
        ->each([&raw](const std::string&) { raw.name_given = true; });
    app.add_option("--profile", raw.profile.name, "a profile: an identity that lasts")->envname("PARLEY_PROFILE");
    add_keys(app, raw);
    auto* plain = app.add_flag("--plain", raw.plain, "lines in, lines out: for pipes and simple terminals");
    app.add_flag("--json", raw.json, "one JSON event a line: for bots")->excludes(plain);
    app.add_flag("--no-host", raw.no_host, "never start a relay here");
    app.add_option(folder, raw.folder, "where received files go")->envname("PARLEY_DIR")->capture_default_str();
    app.add_option("--max-size", raw.max_size, "the largest file taken: bytes, or 500M, 16G, 2T")
        ->envname("PARLEY_MAX_SIZE")
        ->capture_default_str();
}

/// The first line of standard input, asked for where a person types.
std::optional<std::string> ask_for(std::string_view what) {
    if (::isatty(STDIN_FILENO) == 1) std::cerr << what << ": " << std::flush;
    return ui::read_line(STDIN_FILENO);
}

/// Tab completes words; what is typed is on the screen, because both people just said it aloud.
std::optional<std::string> ask_for_code() {
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return ui::read_line(STDIN_FILENO);
    std::cerr << "The code, as 1234-word-word-word; Tab completes a word:\n" << std::flush;
    ui::Prompt prompt(STDIN_FILENO, STDERR_FILENO, identity::complete_code);
    std::optional<std::string> line;
    bool ended = false;
    for (char key = 0; !line && !ended && ::read(STDIN_FILENO, &key, 1) == 1;) {
        prompt.on_keys({&key, 1}, [&](std::string typed) { line = std::move(typed); }, [&] { ended = true; });
    }
    return line;
}

std::variant<Entrance, Exit> entrance_by_code(const Raw& raw, std::string_view command) {
    if (!raw.link.empty() || !raw.link_file.empty()) {
        return complain("a code is asked for, never an argument, because ps shows those: parley " +
                        std::string(command) + " --code");
    }
    auto line = ask_for_code();
    if (!line)
        return complain("no code was given: type it when parley " + std::string(command) + " --code asks for it");
    auto code = identity::SpokenCode::parse(*line);
    wipe({reinterpret_cast<std::uint8_t*>(line->data()), line->size()});
    if (!code) return complain(code.error().what);
    return RoomOfCode{std::move(*code)};
}

/// A link that is not an argument: from the file, or from the prompt.
std::variant<Entrance, Exit> entrance_by_link(const Raw& raw, std::string_view command) {
    std::string line;
    if (!raw.link_file.empty()) {
        std::ifstream file(raw.link_file);
        if (!std::getline(file, line)) return complain("the link file cannot be read, or it is empty");
    } else {
        auto typed = ask_for("Link");
        if (!typed) return complain("no link was given: parley " + std::string(command) + " --link-file FILE");
        line = std::move(*typed);
    }
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    return RoomOfLink{line};
}

/// Into a room that somebody else made.
std::variant<Entrance, Exit> their_room(const Raw& raw, std::string_view command) {
    if (raw.by_code) return entrance_by_code(raw, command);
    if (!raw.link.empty()) return RoomOfLink{raw.link, true};
    return entrance_by_link(raw, command);
}

/// What to do once it is plain where.
template <typename What>
std::variant<Task, Exit> at(std::variant<Entrance, Exit> entrance, What what) {
    if (const auto* failed = std::get_if<Exit>(&entrance)) return *failed;
    what.entrance = std::get<Entrance>(std::move(entrance));
    return what;
}

std::variant<Task, Exit> join_task(const Raw& raw) { return at(their_room(raw, "join"), Talk{}); }

std::variant<Task, Exit> send_task(const Raw& raw) {
    Send send{NewRoom{}, raw.files};
    if (raw.by_code && !raw.link_file.empty()) return complain("a room has a link or a code, not both");
    if (!raw.link_file.empty()) return at(entrance_by_link(raw, "send"), std::move(send));
    if (raw.by_code) send.entrance = NewRoomByCode{};
    return send;
}

std::variant<Task, Exit> receive_task(const Raw& raw) {
    if (!raw.yes && ::isatty(STDIN_FILENO) != 1) {
        return complain("recv asks before it takes a file: run it in a terminal, or with --yes");
    }
    return at(their_room(raw, "recv"), Receive{NewRoom{}, raw.yes});
}

/// 1000, 500k, 500M, 16G, 2T: powers of 1,024.
std::optional<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, text.data() + text.size());
    constexpr std::string_view units = "kMGT";
    const auto power = unit.size() == 1 ? units.find(unit[0]) + 1 : 0;
    const bool good = error == std::errc{} && number > 0 && (unit.empty() || (unit.size() == 1 && power > 0));
    if (!good || number > (~0ULL >> (10 * power))) return std::nullopt;
    return number << (10 * power);
}

std::variant<Task, Exit> invite_task(const Raw& raw) {
    if (raw.by_code && raw.print) return complain("--print ends at once, and a code needs somebody who waits with it");
    if (raw.print) return PrintLink{};
    return raw.by_code ? Talk{NewRoomByCode{}} : Talk{NewRoom{}};
}

std::variant<Options, Exit> checked(const Raw& raw, Task task) {
    const auto relay = identity::parse_address(raw.relay);
    if (!relay) return complain(std::string("--relay: ") + std::string(relay.error().what));
    if (!identity::is_acceptable_name(raw.name)) return complain("--name: a name has 1 to 64 bytes of UTF-8");
    const auto mode = raw.json ? Mode::json : raw.plain ? Mode::plain : Mode::automatic;
    auto profile = raw.profile;
    if (raw.passphrase_fd >= 0) profile.passphrase_fd = raw.passphrase_fd;
    const auto max_size = parse_size(raw.max_size);
    if (!max_size) return complain("--max-size: say it as 1000, 500M, 16G or 2T");
    Options options{std::move(task),    *relay, raw.relay_given, {},
                    std::move(profile), mode,   !raw.no_host,    {raw.folder, *max_size}};
    if (raw.name_given) options.name = raw.name;
    return options;
}

struct ProfileWord {
    const char* name;
    const char* help;
    ManageProfiles::What what;
    bool takes_name;
    bool takes_keys;
};
constexpr ProfileWord profile_words[] = {
    {"new", "make a profile", ManageProfiles::What::make, true, true},
    {"list", "the names of all", ManageProfiles::What::list, false, false},
    {"show", "who it is, and its rooms", ManageProfiles::What::show, true, true},
    {"export", "the sealed file, as it is, on standard output", ManageProfiles::What::export_, true, false},
    {"delete", "delete it for good", ManageProfiles::What::remove, true, false},
};

CLI::App* add_profile_words(CLI::App& app, Raw& raw) {
    auto* profile = app.add_subcommand("profile", "make, list, show, export or delete profiles");
    profile->require_subcommand(1);
    for (const auto& word : profile_words) {
        auto* command = profile->add_subcommand(word.name, word.help);
        if (word.takes_name) command->add_option("name", raw.profile.name, "the profile's name")->required();
        if (word.takes_keys) add_keys(*command, raw);
        if (word.what == ManageProfiles::What::remove) command->add_flag("--yes", raw.certain, "do not ask");
    }
    return profile;
}

ManageProfiles profile_task(const CLI::App& profile, const Raw& raw) {
    const auto chosen =
        std::ranges::find_if(profile_words, [&](const ProfileWord& word) { return profile.got_subcommand(word.name); });
    return {chosen->what, raw.certain};
}

}  // namespace

Exit complain(std::string_view what) {
    std::cerr << "parley: " << what << '\n';
    return Exit::wrong_use;
}

std::variant<Options, Exit> parse_options(int argc, char** argv) {
    CLI::App app("Parley: talk in private through a relay that cannot listen.", "parley");
    Raw raw;
    app.set_version_flag("--version", std::string("parley ") + std::string(version));
    app.footer(examples);
    add_shared(app, raw);
    auto* chat = app.add_subcommand("chat", "join the lobby (what parley does without a word)");
    auto* invite = app.add_subcommand("invite", "make a room, show its link, and wait in it");
    auto* join = app.add_subcommand("join", "join a room by its link");
    auto* send = app.add_subcommand("send", "send files: makes a room, shows its link, and waits for who takes them");
    auto* recv = app.add_subcommand("recv", "take the files that are offered in a room");
    for (auto* command : {chat, invite, join, send}) add_shared(*command, raw);
    add_shared(*recv, raw, "--dir,folder");
    invite->add_flag("--print", raw.print, "print the link and end");
    invite->add_flag("--code", raw.by_code, "make a code to be spoken, for one person, who is verified by it");
    join->add_option("link", raw.link, "the link; safer from a file or the prompt, since ps shows arguments");
    join->add_option("--link-file", raw.link_file, "a file whose first line is the link");
    send->add_option("files", raw.files, "what to send")->required();
    for (auto* command : {send, recv}) {
        command->add_option("--link-file", raw.link_file, "a file whose first line is the room's link");
    }
    send->add_flag("--code", raw.by_code, "makes a code to be spoken, for the one who takes them");
    for (auto* command : {join, recv}) command->add_flag("--code", raw.by_code, "asks for a spoken code");
    recv->add_flag("--yes", raw.yes, "takes every file without asking");
    auto* profile = add_profile_words(app, raw);
    app.require_subcommand(0, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        app.exit(wanted);
        return Exit::done;
    } catch (const CLI::ParseError& error) {
        return complain(std::string(error.what()) + "; parley --help shows what there is");
    }
    if (*profile) return checked(raw, profile_task(*profile, raw));
    if (!*invite && !*join && !*send && !*recv) return checked(raw, Chat{});
    auto task = *invite ? invite_task(raw) : *join ? join_task(raw) : *send ? send_task(raw) : receive_task(raw);
    if (const auto* failed = std::get_if<Exit>(&task)) return *failed;
    return checked(raw, std::get<Task>(std::move(task)));
}

}  // namespace parley::app
