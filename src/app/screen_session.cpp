#include "app/screen_session.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <ctime>

#include "app/profiles.h"
#include "app/reach.h"
#include "ui/passphrase.h"
#include "ui/qr.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;

/// The terminal has gone: this long for what was said to arrive.
constexpr Duration end_patience = 10s;
constexpr Duration close_patience = 2s;

/// After an Escape: what comes later is another key. Longer than the pieces of one key need over SSH.
constexpr auto escape_patience = 50ms;

constexpr auto lobby_hint =
    "This is the lobby: anybody at this relay can come in. /invite makes a private room, /verify compares keys, /help "
    "shows everything.";
constexpr auto room_hint =
    "A private room: whoever holds its link can come in. /link shows it, /copy copies it, /verify compares keys, /help "
    "shows everything.";

bool is_lobby(const identity::RoomSecret& secret) {
    return identity::room_id(secret) == identity::room_id(identity::lobby_secret());
}

/// Both sides of a room see the same name.
ui::screen::RoomLabel label_of(const Room& room) {
    const auto place = identity::print(room.relay);
    if (is_lobby(room.secret)) return {"lobby", place};
    return {"room " + identity::room_id(room.secret).hex().substr(0, 4), place};
}

bool changes_contacts(const client::Command& command) {
    return std::holds_alternative<client::Verify>(command) || std::holds_alternative<client::Accept>(command) ||
           std::holds_alternative<client::Block>(command);
}

}  // namespace

ScreenSession::ScreenSession(const Options& options, Home& home, Host& host)
    : options_(options),
      home_(home),
      host_(host),
      signals_(context_, SIGINT, SIGTERM, SIGHUP),
      silence_(context_),
      forgetting_(context_),
      idle_(context_),
      surrounding_(ui::screen::adopt_environment()),
      terminal_(STDIN_FILENO, STDOUT_FILENO, surrounding_),
      screen_(ui::screen::Theme(terminal_.colours(), surrounding_.unicode), screen_callbacks()),
      display_(context_, terminal_, screen_) {
    for (const int signal : {SIGWINCH, SIGTSTP, SIGCONT}) signals_.add(signal);
}

ui::screen::Screen::Callbacks ScreenSession::screen_callbacks() {
    return {.clock = [] { return std::time(nullptr); },
            .on_line = [this](ui::screen::Window& window, const std::string& line) { on_line(window, line); },
            .on_typing = [this](const ui::screen::Window& window) { tell(window, client::StartTyping{}); },
            .on_seen = [this](const ui::screen::Window& window) { tell(window, client::SeeAll{}); },
            .on_leave = [this] { quit(0s); },
            .on_passphrase = [this](SecretBytes typed) { on_passphrase(std::move(typed)); },
            .on_dirty = [this] { display_.request(); }};
}

ui::View& ScreenSession::open(Room room) {
    const bool lobby = is_lobby(room.secret);
    auto& window = screen_.add_window(label_of(room));
    rooms_.push_back(std::make_unique<OpenRoom>(OpenRoom{link_of(room), window}));
    auto& opened = *rooms_.back();
    opened.conversation = std::make_unique<Conversation>(
        Household{context_, home_, options_.files, options_.proxy}, room, options_.name, window,
        Conversation::Callbacks{
            .on_event = [this](const client::Event& event) { on_event(event); },
            .on_stop = [this, &opened](const client::Stop& stop) { on_stop(opened, stop); },
            .on_unreachable = [this,
                               &opened](const Error&) { return host_.start_at(opened.link.relay, opened.window); },
            .on_no_relay = [this, &opened](const Error& why) { return give_up(opened, why); }});
    window.introduce_self(opened.conversation->self());
    window.note(lobby ? lobby_hint : room_hint);
    opened.conversation->start();
    screen_.open(window);
    return window;
}

Exit ScreenSession::run() {
    wait_for_signals();
    input_ = std::make_unique<ui::InputReader>(
        STDIN_FILENO, ui::InputReader::Callbacks{
                          .on_bytes =
                              [this](std::string bytes) {
                                  // Not in Asio's block for the handler, which is used again as it is.
                                  boost::asio::post(context_, [this, bytes = std::make_unique<std::string>(
                                                                         std::move(bytes))] { on_bytes(*bytes); });
                              },
                          .on_end = [this] { boost::asio::post(context_, [this] { quit(end_patience); }); }});
    context_.run();
    input_.reset();
    return verdict_.exit();
}

ScreenSession::OpenRoom& ScreenSession::room_of(const ui::screen::Window& window) {
    return **std::ranges::find_if(rooms_, [&](const auto& room) { return &room->window == &window; });
}

// --- what rooms tell ---

void ScreenSession::on_event(const client::Event& event) {
    verdict_.on_event(event);
    if (const auto* end = std::get_if<client::Drained>(&event); end != nullptr && end->undelivered > 0) {
        last_words_ = "Not everything that was said could be delivered.";
    }
    forget_in_time();
}

bool ScreenSession::give_up(OpenRoom& room, Error why) {
    const auto said = no_relay(room.link.relay, why);
    if (rooms_.size() > 1) {
        room.window.warn(said + " Or /close.");
        return false;
    }
    last_words_ = said;
    verdict_.on_no_relay(why);
    context_.stop();
    return true;
}

void ScreenSession::on_stop(OpenRoom& room, const client::Stop& stop) {
    room.ended = true;
    if (!stop.why) {
        // The conversation that tells this is still at work: it ends in the next turn.
        boost::asio::post(context_, [this, &room] { close(room); });
        return;
    }
    room.window.warn(std::string(stop.why->what) + ". This room has ended: /close.");
    if (!std::ranges::all_of(rooms_, &OpenRoom::ended, [](const auto& one) -> OpenRoom& { return *one; })) return;
    last_words_ = std::string(stop.why->what) + ".";
    verdict_.on_failure();
    context_.stop();
}

void ScreenSession::close(OpenRoom& room) {
    room.closed_window = screen_.remove_window(room.window);
    const auto found = std::ranges::find(rooms_, &room, &std::unique_ptr<OpenRoom>::get);
    closed_.push_back(std::move(*found));
    rooms_.erase(found);
    if (rooms_.empty()) context_.stop();
}

/// Once a second, while there is something to forget.
void ScreenSession::forget_in_time() {
    if (forgets_ || !screen_.forget_due()) return;
    forgets_ = true;
    forgetting_.expires_after(1s);
    forgetting_.async_wait([this](const boost::system::error_code& error) {
        forgets_ = false;
        if (!error) forget_in_time();
    });
}

// --- what the person does ---

/// A sign beside messages: the room may be on its way in or out.
void ScreenSession::tell(const ui::screen::Window& window, const client::Command& command) {
    const auto room = std::ranges::find_if(rooms_, [&](const auto& one) { return &one->window == &window; });
    if (room == rooms_.end() || !(*room)->conversation || (*room)->ended) return;
    (*room)->conversation->command(command);
}

void ScreenSession::wait_for_signals() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        on_signal(signal);
        wait_for_signals();
    });
}

void ScreenSession::on_signal(int signal) {
    switch (signal) {
        case SIGWINCH: return display_.request();
        case SIGTSTP: terminal_.suspend(); return display_.draw();
        case SIGCONT: terminal_.take_back(); return display_.draw();
        default: return quit(0s);
    }
}

void ScreenSession::on_bytes(const std::string& bytes) {
    keys_.feed(bytes, [this](const ui::screen::Input& input) { screen_.on_input(input); });
    input_->piece_done();
    wait_until_idle();
    if (!rooms_.empty()) display_.draw();
    wait_for_silence();
}

void ScreenSession::wait_for_silence() {
    silence_.cancel();
    if (!keys_.is_waiting()) return;
    silence_.expires_after(escape_patience);
    silence_.async_wait([this](const boost::system::error_code& error) {
        if (error || rooms_.empty()) return;
        keys_.on_silence([this](const ui::screen::Input& input) { screen_.on_input(input); });
    });
}

void ScreenSession::on_line(ui::screen::Window& window, const std::string& line) {
    const auto typed = ui::parse_typed(line);
    if (!typed) return window.warn(typed.error());
    if (std::holds_alternative<ui::Help>(*typed)) return screen_.show_help();
    if (const auto* command = std::get_if<ui::ScreenCommand>(&*typed)) return screen_.obey(*command);
    if (const auto* command = std::get_if<ui::RoomCommand>(&*typed)) {
        return std::visit([this](const auto& value) { obey(value); }, *command);
    }
    on_command(room_of(window), std::get<client::Command>(*typed));
}

void ScreenSession::on_command(OpenRoom& room, const client::Command& command) {
    if (room.ended) return room.window.warn("This room has ended: /close.");
    room.window.commanded(command);
    room.conversation->command(command);
    room.window.introduce_self(room.conversation->self());
    if (!changes_contacts(command)) return;
    for (const auto& other : rooms_) {
        if (other.get() != &room) other->conversation->contacts_changed();
    }
}

void ScreenSession::quit(Duration patience) {
    for (const auto& room : rooms_) {
        if (room->ended) boost::asio::post(context_, [this, &ended = *room] { close(ended); });
        else room->conversation->command(client::Quit{patience});
    }
}

void ScreenSession::obey(const ui::InviteHere&) {
    const auto& here = current().link;
    (void)open({random_.secret<identity::RoomSecret>(), here.relay, here.token});
    show_link();
}

void ScreenSession::obey(const ui::JoinRoom& join) {
    auto link = identity::parse_scanned_link(join.link);
    if (!link) return screen_.current().warn(link.error().what);
    if (const auto may = may_reach(link->relay, options_); !may) return screen_.current().warn(may.error().what);
    const auto wanted = identity::room_id(link->secret);
    for (const auto& room : rooms_) {
        if (identity::room_id(room->link.secret) == wanted) return screen_.open(room->window);
    }
    (void)open({std::move(link->secret), link->relay, link->token});
}

void ScreenSession::obey(const ui::Keep& wish) {
    if (home_.is_kept()) return screen_.current().warn("this run has a profile already");
    if (!says_what_opens_it(options_.profile)) return ask_for_new_passphrase(wish.name);
    told_of_keeping(keep_run(home_, options_.profile, wish.name));
}

/// Twice, because a typo would lock its owner out for good.
void ScreenSession::ask_for_new_passphrase(const std::string& name) {
    if (!store::is_acceptable_profile_name(name)) {
        return screen_.current().warn("a profile's name has 1 to 64 letters, digits, - or _");
    }
    screen_.ask_passphrase("A new passphrase for " + name + "; Escape keeps nothing", [=, this](auto first) {
        if (!first) return;
        const auto kept = std::make_shared<SecretBytes>(std::move(*first));
        screen_.ask_passphrase("The same again", [=, this](auto again) {
            if (!again) return;
            if (!equal_constant_time(kept->reveal(), again->reveal())) {
                return screen_.current().warn("The two were not the same: nothing was kept.");
            }
            const store::Unlock unlock{store::Unlock::Kind::passphrase, ui::normalized(std::move(*again))};
            told_of_keeping(keep_run(home_, unlock, name));
        });
    });
}

void ScreenSession::told_of_keeping(const Status& kept) {
    if (!kept) return screen_.current().warn(kept.error().what);
    for (const auto& room : rooms_) room->conversation->keep();
    screen_.current().note(keep_told);
}

void ScreenSession::obey(const ui::LockNow&) {
    if (may_lock()) screen_.lock();
}

void ScreenSession::obey(const ui::LockWhenIdle& wish) {
    if (!may_lock()) return;
    lock_after_ = std::chrono::seconds(wish.seconds);
    screen_.current().note(wish.seconds == 0 ? "The screen is locked when you say so only."
                                             : "The screen is locked when nobody types for that long.");
    wait_until_idle();
}

/// It hides the screen from who passes by; memory is as it was.
bool ScreenSession::may_lock() {
    if (!home_.is_kept()) {
        screen_.current().warn("There is no passphrase to unlock with: /keep NAME makes a profile that has one.");
        return false;
    }
    if (home_.profile().key_kind() == store::Unlock::Kind::passphrase) return true;
    screen_.current().warn("This profile opens with a key file, not with a passphrase: lock the terminal instead.");
    return false;
}

void ScreenSession::on_passphrase(SecretBytes typed) {
    const store::Unlock unlock{store::Unlock::Kind::passphrase, ui::normalized(std::move(typed))};
    if (home_.profile().opens_with(unlock)) screen_.unlock();
    else screen_.refuse_unlocking();
}

void ScreenSession::wait_until_idle() {
    idle_.cancel();
    if (lock_after_ == 0s || screen_.is_locked()) return;
    idle_.expires_after(lock_after_);
    idle_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !rooms_.empty()) screen_.lock();
    });
}

/// Nothing that was said stays in memory, and nobody waits for what was not sent.
void ScreenSession::obey(const ui::Panic&) {
    screen_.wipe();
    quit(0s);
}

void ScreenSession::obey(const ui::CloseRoom&) {
    auto& room = current();
    if (room.ended) return boost::asio::post(context_, [this, &room] { close(room); });
    room.conversation->command(client::Quit{close_patience});
}

void ScreenSession::obey(const ui::CopyLink&) {
    screen_.copy_out(identity::print(current().link));
    screen_.current().note("The link was given to the terminal for its clipboard: whoever reads it there is a member.");
}

void ScreenSession::show_link() {
    const auto& room = current();
    const auto text = identity::print(room.link);
    screen_.cover_with({.title = "Whoever holds this link can come in: " + room.window.label().name,
                        .picture = ui::qr_of(identity::print_for_qr(room.link)),
                        .lines = {text, "/copy copies it. Any key goes back."},
                        .too_small = "; the link is below."});
    room.window.note(text);
}

}  // namespace parley::app
