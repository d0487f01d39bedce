#include "app/session.h"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <csignal>

#include "app/profiles.h"
#include "app/reach.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;

/// At the end of input: this long for what was said to arrive.
constexpr Duration end_patience = 10s;

/// Lines said and not yet accepted; beyond, reading waits.
constexpr std::uint64_t max_lines_ahead = 1000;

}  // namespace

Session::Session(const Options& options, Home& home, Host& host, Room room, ui::View& view)
    : options_(options),
      view_(view),
      terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1 && options.mode != Mode::json),
      home_(home),
      signals_(context_, SIGINT, SIGTERM, SIGHUP),
      conversation_(
          {context_, home, options.files, options.proxy}, room, options.name, view,
          {.on_event = [this](const client::Event& event) { on_event(event); },
           .on_stop = [this](const client::Stop& stop) { on_stop(stop); },
           .on_unreachable = [this, &host](const Error&) { return host.start_at(conversation_.relay(), view_); },
           .on_no_relay = [this](const Error& why) { return give_up(why); }}) {}

Exit Session::run() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) quit(0s);
    });
    conversation_.start();
    read_input();
    context_.run();
    input_.reset();
    view_.make_way_for(nullptr);
    prompt_.reset();
    return verdict_.exit();
}

void Session::on_event(const client::Event& event) {
    verdict_.on_event(event);
    if (const auto* line = std::get_if<client::LineChanged>(&event)) {
        const bool settled = line->state != client::LineState::queued;
        if (settled && lines_waiting_ > 0) --lines_waiting_;
        resume_input();
    }
}

bool Session::give_up(Error why) {
    view_.warn(no_relay(conversation_.relay(), why));
    verdict_.on_no_relay(why);
    context_.stop();
    return true;
}

void Session::on_stop(const client::Stop& stop) {
    if (stop.why) {
        view_.warn(std::string(stop.why->what) + ".");
        verdict_.on_failure();
    }
    context_.stop();
}

void Session::read_input() {
    if (terminal_) {
        prompt_ = std::make_unique<ui::Prompt>(STDIN_FILENO, STDERR_FILENO);
        view_.make_way_for(prompt_.get());
    }
    input_ = std::make_unique<ui::InputReader>(
        STDIN_FILENO, ui::InputReader::Callbacks{
                          .on_bytes =
                              [this](std::string bytes) {
                                  // Not in Asio's block for the handler, which is used again as it is.
                                  boost::asio::post(context_, [this, bytes = std::make_unique<std::string>(
                                                                         std::move(bytes))] { on_bytes(*bytes); });
                              },
                          .on_end = [this] { boost::asio::post(context_, [this] { on_input_end(); }); }});
}

void Session::on_bytes(const std::string& bytes) {
    ++pieces_waiting_;
    if (prompt_) {
        prompt_->on_keys(bytes, [this](std::string line) { say_or_obey(line); }, [this] { on_input_end(); });
    } else {
        lines_.feed(bytes, [this](ui::InputLine line) { on_line(std::move(line)); });
    }
    resume_input();
}

/// The reader goes on when most of what it gave was accepted.
void Session::resume_input() {
    while (input_ && pieces_waiting_ > 0 && lines_waiting_ < max_lines_ahead) {
        --pieces_waiting_;
        input_->piece_done();
    }
}

void Session::on_line(ui::InputLine line) {
    if (line.too_long) {
        view_.warn("A line over 60,000 bytes was not sent: send it in parts, or as a file.");
        verdict_.on_failure();
    } else if (!line.text.empty()) {
        ++lines_waiting_;
        conversation_.command(client::Say{std::move(line.text)});
    }
}

void Session::say_or_obey(const std::string& line) {
    if (line.empty()) return;
    const auto typed = ui::parse_typed(line);
    if (!typed) return view_.warn(typed.error());
    if (std::holds_alternative<ui::Help>(*typed)) return view_.note(ui::help_text());
    if (const auto* command = std::get_if<client::Command>(&*typed)) return conversation_.command(*command);
    const auto* of_rooms = std::get_if<ui::RoomCommand>(&*typed);
    if (of_rooms != nullptr && std::holds_alternative<ui::Panic>(*of_rooms)) return quit(0s);
    const auto* end = of_rooms != nullptr ? std::get_if<ui::QuitAll>(of_rooms) : nullptr;
    if (end != nullptr) return quit(end->patience);
    if (const auto* wish = of_rooms ? std::get_if<ui::Keep>(of_rooms) : nullptr) return keep(*wish);
    view_.warn("Plain mode has one room and no windows: start parley without --plain for that.");
}

void Session::keep(const ui::Keep& wish) {
    if (const auto kept = keep_run(home_, options_.profile, wish.name); !kept) return view_.warn(kept.error().what);
    conversation_.keep();
    view_.note(keep_told);
}

void Session::on_input_end() {
    if (lines_.has_rest()) on_line(lines_.take());
    quit(end_patience);
}

void Session::quit(Duration patience) { conversation_.command(client::Quit{patience}); }

}  // namespace parley::app
