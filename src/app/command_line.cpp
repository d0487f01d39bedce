#include "app/command_line.h"

#include "app/version.h"

namespace parley::app {
namespace {

constexpr auto examples = R"(
Examples:
  parley                                   talk with whoever is at this machine's relay
  parley --relay chat.example.org:5555     the same at another relay
  parley --relay relay.onion:5555 --proxy socks5://127.0.0.1:9050    through Tor
  parley invite                            make a private room and show its link
  parley join                              asks for the link, so that no process list shows it
  parley invite --code                     a code to say on the phone; the other side: parley join --code
  parley profile new anna                  an identity that lasts; then: parley --profile anna
  parley send photo.jpg                    shows a link; the other side: parley recv, and pastes it
  parley send --code photo.jpg             shows a code to say; the other side: parley recv --code
  make 2>&1 | parley join --plain --name ci --link-file link
)";

void add_keys(CLI::App& app, Raw& raw) {
    auto* file = app.add_option("--key-file", raw.profile.key_file, "a file of 32 random bytes that opens the profile");
    app.add_option("--passphrase-fd", raw.passphrase_fd, "reads the passphrase from this descriptor")
        ->check(CLI::NonNegativeNumber)
        ->excludes(file);
}

void add_shared(CLI::App& app, Raw& raw, const char* folder = "--dir") {
    app.add_option("--relay", raw.relay, "the relay's HOST:PORT, or all that it printed: tls://PIN@HOST:PORT")
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
    app.add_option("--proxy", raw.proxy, "socks5://HOST:PORT, as of Tor: everything goes through it, names too")
        ->envname("PARLEY_PROXY");
    app.add_option("--token-file", raw.token_file,
                   "16 bytes, for a relay that is not open to all; in links from then on")
        ->envname("PARLEY_TOKEN_FILE");
    app.add_flag("--insecure", raw.insecure, "allow a relay beyond this machine without TLS");
    app.add_option(folder, raw.folder, "where received files go")->envname("PARLEY_DIR")->capture_default_str();
    app.add_option("--max-size", raw.max_size, "the largest file taken: bytes, or 500M, 16G, 2T")
        ->envname("PARLEY_MAX_SIZE")
        ->capture_default_str();
}

void add_profile_words(CLI::App& app, Raw& raw) {
    auto* profile = app.add_subcommand("profile", "make, list, show, export or delete profiles");
    profile->require_subcommand(1);
    for (const auto& word : profile_words) {
        auto* command = profile->add_subcommand(word.name, word.help);
        if (word.takes_name) command->add_option("name", raw.profile.name, "the profile's name")->required();
        if (word.takes_keys) add_keys(*command, raw);
        if (word.what == ManageProfiles::What::remove) command->add_flag("--yes", raw.certain, "do not ask");
    }
}

void add_invitations(CLI::App& app, Raw& raw) {
    auto* invite = app.add_subcommand("invite", "make a room, show its link, and wait in it");
    add_shared(*invite, raw);
    invite->add_flag("--print", raw.print, "print the link and end");
    invite->add_flag("--code", raw.by_code, "make a code to be spoken, for one person, who is verified by it");
    auto* join = app.add_subcommand("join", "join a room by its link");
    add_shared(*join, raw);
    join->add_option("link", raw.link, "the link; safer from a file or the prompt, since ps shows arguments");
    join->add_option("--link-file", raw.link_file, "a file whose first line is the link");
    join->add_flag("--code", raw.by_code, "asks for a spoken code");
}

void add_files(CLI::App& app, Raw& raw) {
    auto* send = app.add_subcommand("send", "send files: makes a room, shows its link, and waits for who takes them");
    add_shared(*send, raw);
    send->add_option("files", raw.files, "what to send")->required();
    send->add_option("--link-file", raw.link_file, "a file whose first line is the room's link");
    send->add_flag("--code", raw.by_code, "makes a code to be spoken, for the one who takes them");
    auto* recv = app.add_subcommand("recv", "take the files that are offered in a room");
    add_shared(*recv, raw, "--dir,folder");
    recv->add_option("--link-file", raw.link_file, "a file whose first line is the room's link");
    recv->add_flag("--code", raw.by_code, "asks for a spoken code");
    recv->add_flag("--yes", raw.yes, "takes every file without asking");
}

}  // namespace

CommandLine::CommandLine() : app("Parley: talk in private through a relay that cannot listen.", "parley") {
    app.set_version_flag("--version", std::string("parley ") + std::string(version));
    app.footer(examples);
    app.require_subcommand(0, 1);
    add_shared(app, raw);
    add_shared(*app.add_subcommand("chat", "join the lobby (what parley does without a word)"), raw);
    add_invitations(app, raw);
    add_files(app, raw);
    add_profile_words(app, raw);
}

}  // namespace parley::app
