#include "ui/file_commands.h"

#include <charconv>
#include <cstdlib>
#include <optional>

namespace parley::ui {
namespace {

struct NumberAndRest {
    std::uint64_t number;
    std::string_view rest;
};

std::optional<NumberAndRest> parse_number(std::string_view words) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
    auto rest = words.substr(static_cast<std::size_t>(end - words.data()));
    const bool good = error == std::errc{} && number > 0 && (rest.empty() || rest.front() == ' ');
    if (!good) return std::nullopt;
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return NumberAndRest{number, rest};
}

std::string path_of(std::string_view typed) {
    const auto* home = std::getenv("HOME");
    const bool at_home = typed == "~" || typed.starts_with("~/");
    return at_home && home != nullptr ? home + std::string(typed.substr(1)) : std::string(typed);
}

template <class Command>
ParsedFileCommand of_number(std::string_view words, std::string_view complaint) {
    const auto parsed = parse_number(words);
    if (!parsed || !parsed->rest.empty()) return std::unexpected(std::string(complaint));
    return Command{parsed->number};
}

}  // namespace

ParsedFileCommand parse_send(std::string_view words) {
    if (words.empty()) return std::unexpected("say which file: /send FILE");
    return client::SendFile{path_of(words)};
}

ParsedFileCommand parse_get(std::string_view words) {
    const auto parsed = parse_number(words);
    if (!parsed) return std::unexpected("say which: /get NUMBER [FOLDER]; /files lists them");
    return client::GetFile{parsed->number, path_of(parsed->rest)};
}

ParsedFileCommand parse_decline(std::string_view words) {
    return of_number<client::DeclineFile>(words, "say which: /decline NUMBER; /files lists them");
}

ParsedFileCommand parse_stop(std::string_view words) {
    return of_number<client::StopFile>(words, "say which: /stop NUMBER; /files lists them");
}

}  // namespace parley::ui
