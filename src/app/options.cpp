#include "app/options.h"

#include <charconv>
#include <fstream>
#include <iostream>
#include <unistd.h>

#include "app/command_line.h"
#include "identity/card.h"
#include "ui/input.h"
#include "ui/prompt.h"

namespace parley::app {
namespace {

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

/// The proxy of --proxy. Nothing else is spoken to proxies.
std::optional<net::Proxy> parse_proxy(std::string_view text) {
    constexpr std::string_view scheme = "socks5://";
    if (!text.starts_with(scheme)) return std::nullopt;
    const auto place = identity::parse_place(text.substr(scheme.size()));
    if (!place) return std::nullopt;
    return net::Proxy{place->host, place->port};
}

/// --insecure makes an address without a word plain, as it does for the relay.
Result<identity::RelayAddress> parse_relay(const Raw& raw) {
    if (!raw.insecure || raw.relay.contains("://") || raw.relay.contains('@'))
        return identity::parse_address(raw.relay);
    return identity::parse_place(raw.relay);
}

/// Exactly as long as a token: one that is cut would be refused by the relay without a word about why.
std::optional<FixedBytes<16>> read_token(const std::string& path) {
    FixedBytes<16> token{};
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(token.data()), token.size());
    const bool whole = file && file.peek() == std::ifstream::traits_type::eof();
    return whole ? std::optional(token) : std::nullopt;
}

std::variant<Options, Exit> checked(const Raw& raw, Task task) {
    const auto relay = parse_relay(raw);
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
    options.insecure = raw.insecure;
    if (!raw.token_file.empty()) options.token = read_token(raw.token_file);
    if (!raw.token_file.empty() && !options.token) return complain("--token-file: a file of 16 bytes");
    if (!raw.proxy.empty()) options.proxy = parse_proxy(raw.proxy);
    if (!raw.proxy.empty() && !options.proxy) return complain("--proxy: a proxy is socks5://HOST:PORT");
    return options;
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
    CommandLine line;
    auto& [app, raw] = line;
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        app.exit(wanted);
        return Exit::done;
    } catch (const CLI::ParseError& error) {
        return complain(std::string(error.what()) + "; parley --help shows what there is");
    }
    const auto got = [&](const char* word) { return app.got_subcommand(word); };
    if (got("profile")) return checked(raw, profile_task(*app.get_subcommand("profile"), raw));
    if (!got("invite") && !got("join") && !got("send") && !got("recv")) return checked(raw, Chat{});
    auto task = got("invite") ? invite_task(raw)
                : got("join") ? join_task(raw)
                : got("send") ? send_task(raw)
                              : receive_task(raw);
    if (const auto* failed = std::get_if<Exit>(&task)) return *failed;
    return checked(raw, std::get<Task>(std::move(task)));
}

}  // namespace parley::app
