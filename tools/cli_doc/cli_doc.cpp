// Writes what the programs may be told, for manuals and shells, from the declaration they are parsed with.
//
//   cli_doc man|bash|zsh|fish parley|parley-relay
#include <algorithm>
#include <iostream>
#include <map>

#include "app/command_line.h"
#include "app/relay_options.h"

namespace parley::app {
namespace {

using Options = std::vector<const CLI::Option*>;

/// A program, or a word of it with what may follow.
struct Word {
    std::string path;  ///< "parley profile new"
    const CLI::App* app;
    std::vector<Word> words;
};

Word described(const CLI::App& app, const std::string& before = {}) {
    Word word{before + app.get_name(), &app, {}};
    for (const auto* inner : app.get_subcommands([](const CLI::App*) { return true; })) {
        word.words.push_back(described(*inner, word.path + " "));
    }
    return word;
}

void for_each_word(const Word& word, const std::function<void(const Word&)>& visit) {
    visit(word);
    for (const auto& inner : word.words) for_each_word(inner, visit);
}

Options flags_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* option) { return !option->get_lnames().empty(); });
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string long_name(const CLI::Option& option) { return option.get_lnames().front(); }

std::string replaced(std::string text, const std::map<char, std::string>& by) {
    std::string out;
    for (const char c : text) {
        const auto found = by.find(c);
        if (found == by.end()) out += c;
        else out += found->second;
    }
    return out;
}

std::string in_quotes(const std::string& text) { return "'" + replaced(text, {{'\'', "'\\''"}}) + "'"; }

// --- mdoc ---

std::string roff(const std::string& text) { return replaced(text, {{'\\', "\\e"}, {'-', "\\-"}}); }

void write_man_option(const CLI::Option& option) {
    std::cout << ".It Fl Fl " << long_name(option);
    if (takes_value(option)) std::cout << " Ar " << CLI::detail::split(option.get_type_name(), ':').front();
    std::cout << '\n' << roff(option.get_description()) << ".\n";
    if (!option.get_default_str().empty()) std::cout << "Default: " << roff(option.get_default_str()) << ".\n";
    if (!option.get_envname().empty()) std::cout << "Environment:\n.Ev " << option.get_envname() << " .\n";
}

/// What a word adds to what the whole program takes.
Options own_flags(const Word& word, const Word& program) {
    auto flags = flags_of(*word.app);
    if (&word == &program) return flags;
    const auto shared = flags_of(*program.app);
    std::erase_if(flags, [&](const CLI::Option* flag) {
        return std::ranges::any_of(shared, [&](const auto* one) { return long_name(*one) == long_name(*flag); });
    });
    return flags;
}

void write_man(const Word& program) {
    for_each_word(program, [&](const Word& word) {
        const auto flags = own_flags(word, program);
        if (&word != &program)
            std::cout << ".Ss " << roff(word.path) << "\n" << roff(word.app->get_description()) << ".\n";
        if (flags.empty()) return;
        std::cout << ".Bl -tag -width Ds\n";
        for (const auto* flag : flags) write_man_option(*flag);
        std::cout << ".El\n";
    });
}

// --- bash ---

std::string candidates(const Word& word) {
    std::string all;
    for (const auto& inner : word.words) all += inner.app->get_name() + " ";
    for (const auto* flag : flags_of(*word.app)) all += "--" + long_name(*flag) + " ";
    return all;
}

void write_bash(const Word& program) {
    std::string function = "_" + replaced(program.path, {{'-', "_"}});
    std::cout << function << "() {\n    local path=" << program.path << " i\n"
              << "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"$path ${COMP_WORDS[i]}\" in\n";
    for_each_word(program, [&](const Word& word) {
        if (&word != &program)
            std::cout << "            " << in_quotes(word.path) << ") path=" << in_quotes(word.path) << " ;;\n";
    });
    std::cout << "        esac\n    done\n    case \"$path\" in\n";
    for_each_word(program, [&](const Word& word) {
        std::cout << "        " << in_quotes(word.path) << ") mapfile -t COMPREPLY < <(compgen -W "
                  << in_quotes(candidates(word)) << " -- \"${COMP_WORDS[COMP_CWORD]}\") ;;\n";
    });
    std::cout << "    esac\n}\ncomplete -o bashdefault -o default -F " << function << ' ' << program.path << '\n';
}

// --- zsh ---

std::string zsh_text(const std::string& text) {
    return replaced(text, {{'[', "\\["}, {']', "\\]"}, {':', "\\:"}, {'\'', "'\\''"}});
}

void write_zsh_arguments(const Word& word) {
    std::cout << "_arguments -C";
    for (const auto* flag : flags_of(*word.app)) {
        std::cout << " \\\n        '--" << long_name(*flag) << (takes_value(*flag) ? "=" : "") << '['
                  << zsh_text(flag->get_description()) << ']' << (takes_value(*flag) ? ":value:_files" : "") << '\'';
    }
    std::cout << (word.words.empty() ? " '*:file:_files'\n" : " '1: :->word' '*:: :->rest'\n");
}

void write_zsh_word(const Word& word) {
    const auto function = "_" + replaced(word.path, {{'-', "_"}, {' ', "_"}});
    std::cout << function << "() {\n    local state line\n    ";
    write_zsh_arguments(word);
    if (!word.words.empty()) {
        std::cout << "    case $state in\n        word) local -a words=(";
        for (const auto& inner : word.words) {
            std::cout << " '" << inner.app->get_name() << ':' << zsh_text(inner.app->get_description()) << '\'';
        }
        std::cout << " ); _describe word words ;;\n        rest) \"" << function << "_$line[1]\" ;;\n    esac\n";
    }
    std::cout << "}\n";
}

void write_zsh(const Word& program) {
    std::cout << "#compdef " << program.path << '\n';
    for_each_word(program, write_zsh_word);
    std::cout << "_" << replaced(program.path, {{'-', "_"}}) << " \"$@\"\n";
}

// --- fish ---

/// When a word's options are offered: it was typed, or none was.
std::string fish_condition(const Word& word, const Word& program) {
    if (&word == &program) return program.words.empty() ? "" : " -n __fish_use_subcommand";
    std::string condition;
    for (const auto& name : CLI::detail::split(word.path.substr(program.path.size() + 1), ' ')) {
        condition += (condition.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + name);
    }
    return " -n " + in_quotes(condition);
}

void write_fish(const Word& program) {
    for_each_word(program, [&](const Word& word) {
        const auto begin = "complete -c " + program.path + fish_condition(word, program);
        for (const auto& inner : word.words) {
            std::cout << begin << " -a " << inner.app->get_name() << " -d " << in_quotes(inner.app->get_description())
                      << '\n';
        }
        for (const auto* flag : flags_of(*word.app)) {
            std::cout << begin << " -l " << long_name(*flag) << (takes_value(*flag) ? " -r" : "") << " -d "
                      << in_quotes(flag->get_description()) << '\n';
        }
    });
}

// --- which ---

const std::map<std::string_view, void (*)(const Word&)> writers = {
    {"man", write_man}, {"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};

int write(std::string_view form, std::string_view program) {
    const auto writer = writers.find(form);
    if (writer == writers.end() || (program != "parley" && program != "parley-relay")) return 2;
    if (program == "parley") writer->second(described(CommandLine().app));
    else describe_relay([&](const CLI::App& app) { writer->second(described(app)); });
    return 0;
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    const int result = argc == 3 ? parley::app::write(argv[1], argv[2]) : 2;
    if (result != 0) std::cerr << "cli_doc man|bash|zsh|fish parley|parley-relay\n";
    return result;
}
