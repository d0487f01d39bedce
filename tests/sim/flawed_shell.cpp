#include "sim/flawed_shell.h"

#include <utility>

#include "crypto/box.h"
#include "hostile/interceptor.h"
#include "ratchet/body.h"
#include "ratchet/header.h"
#include "wire/frames.h"

namespace parley::sim {
namespace {

using Shell = test::World::Shell;

/// A flaw that shows now and then.
constexpr std::size_t once_in = 20;

/// What names key and nonce of a body, in a whole frame with its length.
struct Part {
    std::size_t at;
    std::size_t size;
};
std::optional<Part> reused_by(Flaw flaw) {
    constexpr std::size_t header_at = wire::length_size + hostile::post_body_at + 1;
    if (flaw == Flaw::reuses_a_nonce) return Part{header_at, sizeof(crypto::Nonce)};
    if (flaw == Flaw::reuses_a_key) return Part{header_at + ratchet::sealed_header_size, crypto::commitment_size};
    return std::nullopt;
}

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
        case Flaw::trusts_the_wall: return Shell::trusts_the_wall;
        default: return Shell::honest;
    }
}

void FlawedShell::spoil(std::size_t who, std::vector<client::Action>& actions) {
    std::vector<client::Action> spoiled;
    for (auto& action : actions) {
        if (is_left_out(action)) continue;
        if (auto* out = std::get_if<client::Send>(&action)) seal_alike(who, out->frame);
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

/// As what went before it, now and then.
void FlawedShell::seal_alike(std::size_t who, Bytes& frame) {
    const auto part = reused_by(flaw_);
    const bool is_body = frame.size() > ratchet::small_body && frame[wire::length_size] == wire::Post::type;
    if (!part || !is_body) return;
    auto& last = last_posts_[who];
    const bool now = !last.empty() && ++spoiled_ % once_in == 0;
    if (now)
        std::ranges::copy(ByteView(last).subspan(part->at, part->size),
                          frame.begin() + static_cast<std::ptrdiff_t>(part->at));
    last = frame;
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
