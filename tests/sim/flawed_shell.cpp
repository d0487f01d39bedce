#include "sim/flawed_shell.h"

#include <utility>

namespace parley::sim {
namespace {

using Shell = test::World::Shell;

/// A flaw that shows now and then.
constexpr std::size_t once_in = 20;

template <class Event>
const Event* shown(const client::Action& action) {
    const auto* show = std::get_if<client::Show>(&action);
    return show == nullptr ? nullptr : std::get_if<Event>(&show->event);
}

}  // namespace

Shell FlawedShell::shell() const {
    switch (flaw_) {
        case Flaw::saves_last: return Shell::saves_last;
        case Flaw::shows_last: return Shell::shows_last;
        case Flaw::saves_seldom: return Shell::saves_seldom;
        case Flaw::stands_still: return Shell::stands_still;
        default: return Shell::honest;
    }
}

void FlawedShell::spoil(std::size_t who, std::vector<client::Action>& actions) {
    std::vector<client::Action> spoiled;
    for (auto& action : actions) {
        if (is_left_out(action)) continue;
        const auto* message = shown<client::MessageReceived>(action);
        const bool now = message != nullptr && (++spoiled_ % once_in == 0 || kept_back_[who]);
        if (now) spoil_message(who, *message, spoiled);
        else spoiled.push_back(std::move(action));
    }
    actions = std::move(spoiled);
}

bool FlawedShell::is_left_out(const client::Action& action) const {
    switch (flaw_) {
        case Flaw::swallows_warnings: return shown<client::Alarm>(action) != nullptr;
        case Flaw::stays_away: return std::holds_alternative<client::Connect>(action);
        default: return false;
    }
}

/// What is shown in its place.
void FlawedShell::spoil_message(std::size_t who, const client::MessageReceived& message,
                                std::vector<client::Action>& out) {
    const auto show = [&](const client::MessageReceived& what) { out.emplace_back(client::Show{what}); };
    auto other = message;
    switch (flaw_) {
        case Flaw::shows_less: return;
        case Flaw::shows_something_else: other.text += "0000"; return show(other);
        case Flaw::shows_twice: show(message); return show(message);
        case Flaw::shows_out_of_order: break;
        default: return show(message);
    }
    if (!kept_back_[who]) return void(kept_back_[who] = message);
    show(message);
    show(*std::exchange(kept_back_[who], std::nullopt));
}

}  // namespace parley::sim
