#include "app/evil_options.h"

#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>

#include "app/version.h"
#include "identity/link.h"

namespace parley::app {
namespace {

constexpr auto about =
    "parley-evil: stands between clients and a relay, and does what a hostile relay could do. It is for trying what "
    "docs/THREATS.md promises, on this machine.";

constexpr auto examples = R"(
Examples:
  parley-evil --list                                     every attack, with what it tries
  parley-relay --listen 127.0.0.1:5555                   an honest relay, and in front of it:
  parley-evil --port 6666 --attack flip                  clients come here: parley --relay 127.0.0.1:6666
  parley-evil --port 6666 --attack drop,replay --seed 7  two at once, at other places
  parley-evil --port 6666 --attack delay --times 3       three strikes, then an honest wire
)";

struct Raw {
    std::string attack;
    std::uint64_t seed = 1;
    std::optional<std::size_t> times;
    std::string relay = "127.0.0.1:5555";
    std::uint16_t port = 0;
    bool list = false;
};

void add_all(CLI::App& app, Raw& raw) {
    app.set_version_flag("--version", std::string("parley-evil ") + std::string(version));
    app.footer(examples);
    app.add_option("--attack", raw.attack, "NAME, or NAME,NAME: what one of them lets out goes through the next");
    app.add_option("--seed", raw.seed, "where it strikes: the same seed, the same places")->capture_default_str();
    app.add_option("--times", raw.times, "strikes at most, of each attack; then the wire is honest");
    app.add_option("--relay", raw.relay, "HOST:PORT of the relay, without TLS")->capture_default_str();
    app.add_option("--port", raw.port, "where clients connect, on 127.0.0.1; 0: any free one")->capture_default_str();
    app.add_flag("--list", raw.list, "shows every attack, and ends");
}

EvilExit show_list() {
    for (const auto& entry : hostile::catalogue()) {
        std::cout << std::left << std::setw(20) << entry.name << entry.tries << '\n';
    }
    return EvilExit::done;
}

std::variant<EvilOptions, EvilExit> checked(const Raw& raw) {
    if (raw.list) return show_list();
    auto attack = hostile::make_attack(raw.attack, raw.seed);
    if (!attack) {
        return complain_of_evil("--attack: there are " + hostile::attack_names(), EvilExit::wrong_use);
    }
    const auto relay = identity::parse_place(raw.relay);
    if (!relay) return complain_of_evil("--relay: " + std::string(relay.error().what), EvilExit::wrong_use);
    if (raw.times) (*attack)->limit(*raw.times);
    return EvilOptions{std::move(*attack), {relay->host, relay->port}, raw.port};
}

}  // namespace

EvilExit complain_of_evil(std::string_view what, EvilExit code) {
    std::cerr << "parley-evil: " << what << '\n';
    return code;
}

std::variant<EvilOptions, EvilExit> read_evil_options(int argc, char** argv) {
    CLI::App app(about, "parley-evil");
    Raw raw;
    add_all(app, raw);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        return EvilExit{app.exit(wanted)};
    } catch (const CLI::ParseError& error) {
        return complain_of_evil(std::string(error.what()) + "; parley-evil --help shows what there is",
                                EvilExit::wrong_use);
    }
    return checked(raw);
}

}  // namespace parley::app
