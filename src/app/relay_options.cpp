#include "app/relay_options.h"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "app/version.h"

namespace parley::app {
namespace {

constexpr auto about = "parley-relay: forwards what it cannot read.";

constexpr auto examples = R"(
Every option may stand in the file of --config as `name = value`, and in the environment as PARLEY_RELAY_NAME.

Examples:
  parley-relay                                  for this machine, on 127.0.0.1:5555
  parley-relay --listen 127.0.0.1:0             on any free port, which it prints
  parley-relay --listen 192.0.2.7:5555          for everybody, with TLS: prints the address to hand out
  parley-relay --listen 192.0.2.7:5555 --key /var/lib/parley/key.pem     the same, and the pin stays
  parley-relay --listen tls://0.0.0.0:5555 --listen wss://0.0.0.0:443 --certificate cert.pem --key key.pem
  parley-relay --listen 192.0.2.7:5555 --insecure for a network you trust with metadata
  parley-relay --print-config >relay.toml       a file with every setting; then: --config relay.toml
)";

/// What CLI11 fills: texts, which the table judges.
struct Raw {
    explicit Raw(std::size_t settings) : texts(settings), switches(settings), options(settings) {}

    std::string config;
    bool check_config = false;
    bool print_config = false;
    std::vector<std::vector<std::string>> texts;
    std::vector<std::string> switches;
    std::vector<CLI::Option*> options;
};

void add_setting(CLI::App& app, Raw& raw, const settings::Setting& setting, std::size_t i) {
    const auto flag = "--" + std::string(setting.name);
    const std::string help(setting.help);
    if (std::holds_alternative<settings::Switch>(setting.value)) {
        raw.options[i] = app.add_flag(flag, raw.switches[i], help);
        return;
    }
    const bool is_list = std::holds_alternative<settings::List>(setting.value);
    raw.options[i] = app.add_option(flag, raw.texts[i], help)
                         ->expected(1, is_list ? CLI::detail::expected_max_vector_size : 1)
                         ->allow_extra_args(false)
                         ->type_name(std::string(settings::kind_of(setting.value)))
                         ->default_str(settings::shown(setting.value));
}

void add_all(CLI::App& app, Raw& raw, const settings::Table& table) {
    app.set_version_flag("--version", std::string("parley-relay ") + std::string(version));
    app.footer(examples);
    app.add_option("--config", raw.config, "a TOML file of settings")->envname("PARLEY_RELAY_CONFIG");
    app.add_flag("--check-config", raw.check_config, "judges all settings, and ends");
    app.add_flag("--print-config", raw.print_config, "prints all settings with where each comes from, and ends");
    for (std::size_t i = 0; i < table.settings().size(); ++i) add_setting(app, raw, table.settings()[i], i);
}

settings::Outcome take_file(settings::Table& table, const std::string& path) {
    if (path.empty()) return {};
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) return std::unexpected(path + ": this file cannot be read");
    return settings::take_toml(table, text, path);
}

/// Names of options that are no settings stand in the environment too.
settings::Outcome take_environment(settings::Table& table) {
    std::vector<const char*> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("PARLEY_RELAY_CONFIG=")) variables.push_back(*variable);
    }
    variables.push_back(nullptr);
    return table.take_environment(relay_environment, variables.data());
}

settings::Outcome take_flags(settings::Table& table, const Raw& raw) {
    for (std::size_t i = 0; i < raw.options.size(); ++i) {
        if (raw.options[i]->count() == 0) continue;
        const auto& setting = table.settings()[i];
        const bool is_switch = std::holds_alternative<settings::Switch>(setting.value);
        const auto texts = is_switch ? std::vector{raw.switches[i]} : raw.texts[i];
        if (auto taken = table.take(setting.name, texts, "--" + std::string(setting.name)); !taken) return taken;
    }
    return {};
}

/// Later ones win.
settings::Outcome take_all(settings::Table& table, const Raw& raw) {
    if (auto file = take_file(table, raw.config); !file) return file;
    if (auto environment = take_environment(table); !environment) return environment;
    return take_flags(table, raw);
}

std::variant<serve::Options, RelayExit> parse(CLI::App& app, int argc, char** argv) {
    RelaySettings settings;
    auto table = relay_table(settings);
    Raw raw(table.settings().size());
    add_all(app, raw, table);
    app.parse(argc, argv);
    if (const auto taken = take_all(table, raw); !taken) return complain(taken.error(), RelayExit::wrong_use);
    auto plan = plan_of(settings);
    if (!plan) return complain(plan.error(), RelayExit::wrong_use);
    if (raw.print_config) std::cout << table.print();
    else if (raw.check_config) std::cout << "parley-relay: the settings are good\n";
    if (raw.print_config || raw.check_config) return RelayExit::done;
    return std::move(*plan);
}

}  // namespace

RelayExit complain(std::string_view what, RelayExit code) {
    std::cerr << "parley-relay: " << what << '\n';
    return code;
}

void describe_relay(const std::function<void(const CLI::App&)>& to) {
    CLI::App app(about, "parley-relay");
    RelaySettings settings;
    const auto table = relay_table(settings);
    Raw raw(table.settings().size());
    add_all(app, raw, table);
    to(app);
}

std::variant<serve::Options, RelayExit> read_relay_options(int argc, char** argv) {
    CLI::App app(about, "parley-relay");
    try {
        return parse(app, argc, argv);
    } catch (const CLI::Success& wanted) {
        return RelayExit{app.exit(wanted)};
    } catch (const CLI::ParseError& error) {
        return complain(std::string(error.what()) + "; parley-relay --help shows what there is", RelayExit::wrong_use);
    }
}

}  // namespace parley::app
