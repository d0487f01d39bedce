#include "ui/commands.h"

#include <algorithm>
#include <utility>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "ui/file_commands.h"
#include "ui/filter.h"

namespace parley::ui {
namespace {

using namespace std::chrono_literals;

/// How long /quit waits for what was just said.
constexpr Duration quit_patience = 2s;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

using Parsed = std::expected<Typed, std::string>;

Parsed quit(std::string_view) { return RoomCommand(QuitAll{quit_patience}); }
/// 90, 90s, 5m, 1h, 7d; off is 0.
std::optional<std::uint32_t> parse_seconds(std::string_view word) {
    if (word == "off") return 0;
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
    const std::string_view unit(end, word.data() + word.size());
    const std::uint32_t factor = unit.empty() || unit == "s" ? 1
                                 : unit == "m"               ? 60
                                 : unit == "h"               ? 3600
                                 : unit == "d"               ? 24 * 3600
                                                             : 0;
    const bool good = error == std::errc{} && factor != 0 && count > 0 && count <= 1'000'000;
    return good ? std::optional(count * factor) : std::nullopt;
}

/// /lock, /lock 10m, /lock off
Parsed lock(std::string_view words) {
    if (words.empty()) return RoomCommand(LockNow{});
    const auto seconds = parse_seconds(words);
    if (!seconds) return std::unexpected("say after how much silence: /lock 10m, /lock off; /lock alone locks now");
    return RoomCommand(LockWhenIdle{*seconds});
}
Parsed panic(std::string_view) { return RoomCommand(Panic{}); }
Parsed help(std::string_view) { return Help{}; }
Parsed who(std::string_view) { return client::Command(client::ListPeople{}); }
Parsed safety(std::string_view words) { return client::Command(client::ShowSafetyNumber{{std::string(words)}}); }
Parsed contacts(std::string_view) { return client::Command(client::ListContacts{}); }
Parsed call(std::string_view words) {
    const auto blank = words.find(' ');
    if (blank == words.npos) return std::unexpected("say whom and how: /call NAME PETNAME");
    return client::Command(
        client::Call{{std::string(words.substr(0, blank))}, std::string(trimmed(words.substr(blank)))});
}
Parsed keep(std::string_view words) {
    if (words.empty()) return std::unexpected("say a name for the profile: /keep NAME");
    return RoomCommand(Keep{std::string(words)});
}
Parsed accept(std::string_view words) { return client::Command(client::Accept{{std::string(words)}}); }
Parsed block(std::string_view words) {
    if (words.empty()) return std::unexpected("say whom: /block NAME");
    return client::Command(client::Block{{std::string(words)}});
}

Parsed ttl(std::string_view words) {
    const auto seconds = parse_seconds(words);
    if (!seconds) return std::unexpected("say how long messages stay: /ttl 30s, /ttl 5m, /ttl 1h, /ttl 7d, /ttl off");
    return client::Command(client::SetTimeToLive{*seconds});
}

/// What verified people are told: /signs all, /signs none, /signs typing, /signs read.
Parsed signs(std::string_view words) {
    const bool all = words == "all" || words == "on";
    const bool none = words == "none" || words == "off";
    if (!all && !none && words != "typing" && words != "read") {
        return std::unexpected("say what verified people may see: /signs all, /signs none, /signs typing, /signs read");
    }
    return client::Command(client::ChooseSigns{.typing = all || words == "typing", .read = all || words == "read"});
}

Parsed name(std::string_view words) {
    if (words.empty()) return std::unexpected("say the new name: /name NAME");
    return client::Command(client::Rename{std::string(words)});
}

/// /verify, /verify NAME, /verify DIGITS, /verify NAME DIGITS: the digits may be in groups.
Parsed verify(std::string_view words) {
    const auto is_digit_or_blank = [](char c) { return (c >= '0' && c <= '9') || c == ' '; };
    const auto tail = std::find_if_not(words.rbegin(), words.rend(), is_digit_or_blank).base();
    auto digits = std::string(tail, words.end());
    auto whom = std::string(words.begin(), tail);
    // A name or tag may end in digits: they belong to it up to the first blank.
    if (!whom.empty()) {
        const auto blank = std::min(digits.find(' '), digits.size());
        whom += digits.substr(0, blank);
        digits.erase(0, blank);
    }
    const bool has_digits = digits.find_first_not_of(' ') != digits.npos;
    if (!has_digits) return client::Command(client::ShowSafetyNumber{{whom}});
    return client::Command(client::Verify{{whom}, digits});
}

Parsed send(std::string_view words) { return parse_send(words); }
Parsed get(std::string_view words) { return parse_get(words); }
Parsed decline(std::string_view words) { return parse_decline(words); }
Parsed stop(std::string_view words) { return parse_stop(words); }
Parsed files(std::string_view) { return client::Command(client::ListFiles{}); }

Parsed search(std::string_view words) { return ScreenCommand(Search{std::string(words)}); }
Parsed members(std::string_view) { return ScreenCommand(ToggleMembers{}); }
Parsed clear(std::string_view) { return ScreenCommand(Clear{}); }

Parsed window(std::string_view words) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
    if (error != std::errc{} || end != words.data() + words.size() || number == 0) {
        return std::unexpected("say which: /window NUMBER");
    }
    return ScreenCommand(SwitchTo{number});
}

Parsed notify(std::string_view words) {
    if (words == "on") return ScreenCommand(Notify{NotifyWish::on});
    if (words == "off") return ScreenCommand(Notify{NotifyWish::off});
    if (words == "bell") return ScreenCommand(Notify{NotifyWish::bell});
    return std::unexpected("say which: /notify on, /notify off or /notify bell");
}

Parsed mouse(std::string_view words) {
    if (words != "on" && words != "off") return std::unexpected("say which: /mouse on or /mouse off");
    return ScreenCommand(Mouse{words == "on"});
}

Parsed invite(std::string_view) { return RoomCommand(InviteHere{}); }
Parsed close(std::string_view) { return RoomCommand(CloseRoom{}); }
Parsed link(std::string_view) { return RoomCommand(ShowLink{}); }
Parsed copy(std::string_view) { return RoomCommand(CopyLink{}); }
Parsed join(std::string_view words) {
    if (words.empty()) return std::unexpected("paste the link behind it: /join LINK");
    return RoomCommand(JoinRoom{std::string(words)});
}

struct Word {
    std::string_view name;
    Parsed (*parse)(std::string_view);
};
constexpr std::array words{
    Word{"/accept", accept}, Word{"/block", block},       Word{"/clear", clear},     Word{"/close", close},
    Word{"/copy", copy},     Word{"/help", help},         Word{"/invite", invite},   Word{"/join", join},
    Word{"/link", link},     Word{"/lock", lock},         Word{"/members", members}, Word{"/mouse", mouse},
    Word{"/name", name},     Word{"/notify", notify},     Word{"/panic", panic},     Word{"/quit", quit},
    Word{"/safety", safety}, Word{"/search", search},     Word{"/signs", signs},     Word{"/trust", accept},
    Word{"/ttl", ttl},       Word{"/verify", verify},     Word{"/who", who},         Word{"/window", window},
    Word{"/call", call},     Word{"/contacts", contacts}, Word{"/keep", keep},       Word{"/send", send},
    Word{"/files", files},   Word{"/get", get},           Word{"/stop", stop},       Word{"/decline", decline},
};

/// Levenshtein's distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string unknown(std::string_view typed) {
    const auto nearest =
        std::ranges::min_element(words, {}, [&](const Word& word) { return distance(typed.substr(0, 32), word.name); });
    return "unknown command " + displayable(typed.substr(0, 32)) + ": did you mean " + std::string(nearest->name) +
           "? /help lists all; //text sends a slash";
}

}  // namespace

std::expected<Typed, std::string> parse_typed(std::string_view line) {
    if (!line.starts_with('/')) return client::Command(client::Say{std::string(line)});
    if (line.starts_with("//")) return client::Command(client::Say{std::string(line.substr(1))});
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    const auto found = std::ranges::find(words, line.substr(0, end), &Word::name);
    if (found == words.end()) return std::unexpected(unknown(line.substr(0, end)));
    return found->parse(trimmed(line.substr(end)));
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const auto& word : words) names.emplace_back(word.name);
    return names;
}

std::string_view help_text() {
    return "/help           this\n"
           "/who            everyone here, and who is verified\n"
           "/safety [NAME]  the safety number to compare, 60 digits\n"
           "/verify [NAME] DIGITS   marks a person as verified when the digits are right\n"
           "/accept [NAME]  takes up again with someone who came back without state, or was blocked\n"
           "/trust [NAME]   lets someone in who came with another key than before; then compare the safety number\n"
           "/block NAME     nothing more to this person and nothing from them\n"
           "/name NAME      changes your name\n"
           "/contacts       everybody you know, in this room or not\n"
           "/call NAME PETNAME   a name of your own for a person, which nobody else can use then\n"
           "/keep NAME      makes a profile of this run's identity, with its people and rooms\n"
           "/signs WHAT     what verified people see of you: all, none, typing, read\n"
           "/ttl 5m         asks everyone's parley to remove what is said from now on; /ttl off\n"
           "/lock [10m]     hides the screen until the profile's passphrase is typed: now, or when idle; /lock off\n"
           "/panic          leaves at once and wipes what is in memory; a profile stays sealed\n"
           "/send FILE      offers a file to everyone here; they are asked before it comes\n"
           "/files          what was offered, and how far it is\n"
           "/get N [FOLDER] takes file N, /decline N does not, /stop N ends it\n"
           "/quit           leaves, once everything is delivered (2 s at most)\n"
           "On the full screen:\n"
           "/invite         makes a private room at this relay and shows its link and QR code\n"
           "/join LINK      opens another room in a window of its own; /close leaves it\n"
           "/link, /copy    shows this room's link again, or copies it to the clipboard\n"
           "/window N       goes to another window; /members hides or shows who is here\n"
           "/search TEXT    goes back to where that stands, once more for the one before\n"
           "/clear          empties this window\n"
           "/notify on|off|bell, /mouse on|off\n"
           "//text          sends a line that begins with a slash";
}

}  // namespace parley::ui
