#include "ui/plain.h"

#include <utility>

#include "ui/filter.h"

namespace parley::ui {
namespace {

using client::Presence;
using client::Trust;

std::string seconds(Duration duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    if (ms < 1000) return std::to_string(ms) + " ms";
    return std::to_string((ms + 500) / 1000) + " s";
}

std::string_view words_for(Presence presence) {
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

}  // namespace

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

void PlainView::line(std::FILE* to, std::string_view mark, std::string_view text) {
    const auto whole = std::string(mark) + std::string(text) + "\n";
    if (prompt_ != nullptr) prompt_->hide();
    std::fwrite(whole.data(), 1, whole.size(), to);
    std::fflush(to);
    if (prompt_ != nullptr) prompt_->show();
}

void PlainView::note(std::string_view text) { line(news_, "[*] ", text); }
void PlainView::warn(std::string_view text) { line(news_, "[!] ", text); }

void PlainView::show(const client::Event& event) {
    std::visit([this](const auto& value) { on(value); }, event);
}

void PlainView::on(const client::Connected& event) {
    const bool again = std::exchange(connected_before_, true);
    if (event.reborn) return note("The relay is new and forgot everything: what was not opened is posted again.");
    note(again ? "Connected again." : "Connected. Waiting for a peer...");
}

void PlainView::on(const client::ConnectionLost& event) {
    warn("Not connected: " + std::string(event.why.what) + ". Trying again in " + seconds(event.retry_in) + ".");
}

void PlainView::on(const client::ChannelEstablished& event) {
    const auto hint = event.person.trust == Trust::verified ? " (verified)" : " (not verified: /verify)";
    line(news_, "[+] ", "Secure channel established with " + label_of(event.person) + hint);
}

void PlainView::on(const client::PresenceChanged& event) {
    note(label_of(event.person) + " " + std::string(words_for(event.person.presence)));
}

void PlainView::on(const client::Renamed& event) {
    note(displayable_name(event.former_name) + "#" + event.person.tag + " is now " + label_of(event.person));
}

void PlainView::on(const client::MessageReceived& event) {
    if (event.late) note("The next message of " + label_of(event.person) + " came late, out of its order:");
    line(messages_, "", label_of(event.person) + ": " + displayable(event.text));
}

void PlainView::on(const client::LineChanged& event) {
    if (event.state != client::LineState::failed) return;
    const auto who = event.person ? label_of(*event.person) : std::string("somebody");
    warn("! Message " + std::to_string(event.line) + " did not reach " + who + ": " + std::string(event.reason));
}

void PlainView::on(const client::Alarm& event) {
    const auto who = event.person ? label_of(*event.person) + ": " : std::string();
    const auto many = event.count > 1 ? " (" + std::to_string(event.count) + ")" : std::string();
    const auto loud = event.kind == client::AlarmKind::key_changed ? "KEY CHANGED: " : "";
    warn(loud + who + std::string(event.what) + many);
}

void PlainView::on(const client::Roster& event) {
    note("You are " + label_of(event.self) + ". " + counted(event.people.size(), "other person") + " here:");
    for (const auto& person : event.people) {
        const auto away = person.presence == Presence::away ? ", away" : "";
        note("  " + label_of(person) + " (" + std::string(words_for(person.trust)) + away + ")");
    }
    if (event.unconfirmed > 0) note("  and " + counted(event.unconfirmed, "seat") + " of someone, unconfirmed");
}

void PlainView::on(const client::SafetyNumber& event) {
    note("Safety number with " + label_of(event.person) + ", over the keys of both, not over names or this room:");
    const auto digits = grouped(event.digits);
    note("  " + digits.substr(0, 35));
    note("  " + digits.substr(36));
    note("Compare it with what they see, in person or by phone; then: /verify " + label_of(event.person) + " DIGITS");
}

void PlainView::on(const client::Verified& event) {
    if (!event.matches) {
        return warn("These are not the digits of " + label_of(event.person) + ": a typo, or someone is in between.");
    }
    if (event.person.trust == Trust::verified) return line(news_, "[+] ", label_of(event.person) + " is verified.");
    warn("The digits match, but " + label_of(event.person) + " has to be accepted first: /accept");
}

/// Alone on its line and on standard output, as the link of an invitation.
void PlainView::on(const client::CodeReady& event) { line(messages_, "", event.code); }
void PlainView::on(const client::Notice& event) { note(event.text); }
void PlainView::on(const client::Refusal& event) { warn(event.text); }

void PlainView::on(const client::Drained& event) {
    if (event.undelivered > 0) warn(counted(event.undelivered, "message") + " or more could not be delivered.");
}

}  // namespace parley::ui
