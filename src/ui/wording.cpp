#include "ui/wording.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "ui/file_wording.h"
#include "ui/filter.h"

namespace parley::ui {
namespace {

using client::Presence;
using client::Trust;
using Lines = std::vector<Worded>;

Lines news(std::string text) { return {{Mark::news, std::move(text)}}; }
Lines good(std::string text) { return {{Mark::good, std::move(text)}}; }
Lines wrong(std::string text) { return {{Mark::wrong, std::move(text)}}; }

std::string seconds(Duration duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    if (ms < 1000) return std::to_string(ms) + " ms";
    return std::to_string((ms + 500) / 1000) + " s";
}

std::string_view presence_words(Presence presence) {
    switch (presence) {
        case Presence::present: return "is here";
        case Presence::away: return "lost the connection; what you say is kept for a while";
        case Presence::gone: return "has left";
    }
    return "";
}

std::string counted(std::uint64_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

/// A question has its own end.
std::string sentence(std::string_view text) { return std::string(text) + (text.ends_with('?') ? "" : "."); }

Lines lines_of(const client::ConnectionLost& event) {
    return wrong("Not connected: " + sentence(event.why.what) + " Trying again in " + seconds(event.retry_in) + ".");
}

Lines lines_of(const client::ChannelEstablished& event) {
    const auto hint = event.person.trust == Trust::verified ? " (verified)" : " (not verified: /verify)";
    return good("Secure channel established with " + label_of(event.person) + hint);
}

Lines lines_of(const client::PresenceChanged& event) {
    return news(label_of(event.person) + " " + std::string(presence_words(event.person.presence)));
}

Lines lines_of(const client::TimeToLiveChanged& event) {
    if (event.seconds == 0) return news(label_of(event.person) + " lets messages stay from now on.");
    return news(label_of(event.person) + " asks to remove what is said from now on after " +
                seconds(std::chrono::seconds(event.seconds)) + ". A courtesy: nobody can be made to forget.");
}

Lines lines_of(const client::Renamed& event) {
    return news(displayable_name(event.former_name) + "#" + event.person.tag + " is now " + label_of(event.person));
}

Lines lines_of(const client::MessageReceived& event) {
    if (!event.late) return {};
    return news("The next message of " + label_of(event.person) + " came late, out of its order:");
}

Lines lines_of(const client::LineChanged& event) {
    if (event.state != client::LineState::failed) return {};
    const auto who = event.person ? label_of(*event.person) : std::string("somebody");
    return wrong("! Message " + std::to_string(event.line) + " did not reach " + who + ": " +
                 std::string(event.reason));
}

Lines lines_of(const client::Alarm& event) {
    const auto who = event.person ? label_of(*event.person) + ": " : std::string();
    const auto many = event.count > 1 ? " (" + std::to_string(event.count) + ")" : std::string();
    const auto loud = event.kind == client::AlarmKind::key_changed ? "KEY CHANGED: " : "";
    return wrong(loud + who + std::string(event.what) + many);
}

Lines lines_of(const client::Roster& event) {
    auto lines =
        news("You are " + label_of(event.self) + ". " + counted(event.people.size(), "other person") + " here:");
    for (const auto& person : event.people) {
        const auto away = person.presence == Presence::away ? ", away" : "";
        lines.push_back(
            {Mark::news, "  " + label_of(person) + " (" + std::string(words_for(person.trust)) + away + ")"});
    }
    if (event.unconfirmed > 0) {
        lines.push_back({Mark::news, "  and " + counted(event.unconfirmed, "seat") + " of someone, unconfirmed"});
    }
    return lines;
}

Lines lines_of(const client::SafetyNumber& event) {
    const auto who = label_of(event.person);
    const auto digits = grouped(event.digits);
    const auto half = std::min<std::size_t>(digits.size(), 36);
    return {{Mark::news, "Safety number with " + who + ", over the keys of both, not over names or this room:"},
            {Mark::news, "  " + digits.substr(0, 35)},
            {Mark::news, "  " + digits.substr(half)},
            {Mark::news, "Compare it with what they see, in person or by phone; then: /verify " + who + " DIGITS"}};
}

Lines lines_of(const client::Verified& event) {
    const auto who = label_of(event.person);
    if (!event.matches) return wrong("These are not the digits of " + who + ": a typo, or someone is in between.");
    if (event.person.trust == Trust::verified) return good(who + " is verified.");
    return wrong("The digits match, but " + who + " has to be accepted first: /accept");
}

std::string day_of(std::int64_t seconds) {
    if (seconds == 0) return "never";
    const std::chrono::sys_days day(std::chrono::days(seconds / 86'400));
    const std::chrono::year_month_day date(day);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

Lines lines_of(const client::ContactList& event) {
    auto lines = news("You know " + counted(event.contacts.size(), "other person") + ":");
    for (const auto& known : event.contacts) {
        const auto own = known.petname.empty() ? "" : ", for you: " + displayable_name(known.petname);
        lines.push_back({Mark::news, "  " + displayable_name(known.name) + "#" + known.tag + own + " (" +
                                         std::string(words_for(known.trust)) + ", first seen " +
                                         day_of(known.first_seen) + ", last " + day_of(known.last_seen) + ")"});
    }
    return lines;
}

Lines lines_of(const client::CodeReady&) { return {}; }
Lines lines_of(const client::Typing&) { return {}; }
Lines lines_of(const client::ReadBy&) { return {}; }
Lines lines_of(const client::Notice& event) { return news(std::string(event.text)); }
Lines lines_of(const client::Refusal& event) { return wrong(std::string(event.text)); }

Lines lines_of(const client::Drained& event) {
    if (event.undelivered == 0) return {};
    const auto end =
        event.kept ? " or more wait in the profile until you start again." : " or more could not be delivered.";
    return wrong(counted(event.undelivered, "message") + end);
}

Lines connected(bool reborn, bool again) {
    if (reborn) return news("The relay is new and forgot everything: what was not opened is posted again.");
    return news(again ? "Connected again." : "Connected. Waiting for a peer...");
}

}  // namespace

std::string_view sign_of(Mark mark) {
    switch (mark) {
        case Mark::news: return "[*]";
        case Mark::good: return "[+]";
        case Mark::wrong: return "[!]";
    }
    return "";
}

std::string label_of(const client::Person& person) { return displayable_name(person.name) + "#" + person.tag; }

std::string_view words_for(Trust trust) {
    switch (trust) {
        case Trust::not_verified: return "not verified";
        case Trust::verified: return "verified";
        case Trust::key_changed: return "KEY CHANGED";
        case Trust::restarted: return "RESTARTED";
        case Trust::blocked: return "blocked";
    }
    return "";
}

std::string grouped(std::string_view digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i % 5 == 0) text += ' ';
        text += digits[i];
    }
    return text;
}

std::vector<Worded> Wording::of(const client::Event& event) {
    if (const auto* now = std::get_if<client::Connected>(&event)) {
        return connected(now->reborn, std::exchange(connected_before_, true));
    }
    return std::visit(
        [](const auto& value) -> Lines {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, client::Connected>) return {};
            else return lines_of(value);
        },
        event);
}

}  // namespace parley::ui
