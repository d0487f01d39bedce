#include "app/courier.h"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <csignal>

#include "app/reach.h"
#include "ui/file_wording.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;

/// At the end: this long for the last word about a file to arrive.
constexpr Duration end_patience = 10s;
/// Those who are here and have not answered get this long, once everyone else has everything.
constexpr auto linger_time = 2s;

}  // namespace

Courier::Courier(const Options& options, Home& home, Host& host, Room room, ui::View& view)
    : home_(home),
      view_(view),
      shows_progress_(options.mode != Mode::json),
      signals_(context_, SIGINT, SIGTERM, SIGHUP),
      linger_(context_),
      conversation_(
          {context_, home, options.files, options.proxy}, room, options.name, view,
          {.on_event = [this](const client::Event& event) { on_event(event); },
           .on_stop = [this](const client::Stop& stop) { on_stop(stop); },
           .on_unreachable = [this, &host](const Error&) { return host.start_at(conversation_.relay(), view_); },
           .on_no_relay = [this](const Error& why) { return give_up(why); }}) {}

Exit Courier::send(const std::vector<std::string>& paths) {
    for (const auto& path : paths)
        conversation_.command(client::SendFile{.path = path, .to_newcomers = true, .unless_resumed = true});
    return run();
}

Exit Courier::receive(bool yes_to_all) {
    receiving_ = true;
    yes_to_all_ = yes_to_all;
    return run();
}

Exit Courier::run() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (error) return;
        exit_ = Exit::failed;
        quit(0s);
    });
    conversation_.start();
    context_.run();
    input_.reset();
    return exit_.value_or(errand_.succeeded() ? Exit::done : Exit::failed);
}

void Courier::on_event(const client::Event& event) {
    if (const auto* alarm = std::get_if<client::Alarm>(&event);
        alarm && alarm->kind == client::AlarmKind::key_changed) {
        exit_ = Exit::key_changed;
    }
    const auto* offered = std::get_if<client::FileOffered>(&event);
    if (offered != nullptr && !offered->resumed) on_offer(offered->file);
    if (const auto* progress = std::get_if<client::FileProgress>(&event)) show(*progress);
    errand_.on_event(event);
    end_if_done();
}

bool Courier::give_up(Error why) {
    view_.warn(no_relay(conversation_.relay(), why));
    exit_ = Verdict::exit_for(why);
    context_.stop();
    return true;
}

void Courier::on_stop(const client::Stop& stop) {
    if (stop.why) {
        view_.warn(std::string(stop.why->what) + ".");
        if (!exit_) exit_ = Exit::failed;
    }
    context_.stop();
}

void Courier::on_offer(const client::FileInfo& file) {
    if (!receiving_ || file.ours) return;
    if (yes_to_all_) {
        // Not from within the event: the core is in the middle of telling it.
        boost::asio::post(context_,
                          [this, number = file.number] { conversation_.command(client::GetFile{number, {}}); });
        return;
    }
    questions_.push_back(file);
    if (replies_ended_) return boost::asio::post(context_, [this] { on_replies_end(); });
    if (questions_.size() == 1) ask();
}

void Courier::ask() {
    view_.note("Take " + ui::described(questions_.front()) + "? y or n");
    if (input_) return;
    const auto on_bytes = [this](std::string bytes) {
        boost::asio::post(context_, [this, bytes = std::move(bytes)] {
            replies_.feed(bytes, [this](const ui::InputLine& line) { on_reply(line.text); });
            input_->piece_done();
        });
    };
    const auto on_end = [this] { boost::asio::post(context_, [this] { on_replies_end(); }); };
    input_ = std::make_unique<ui::InputReader>(STDIN_FILENO, ui::InputReader::Callbacks{on_bytes, on_end});
}

void Courier::on_reply(const std::string& line) {
    if (questions_.empty()) return;
    const bool yes = line == "y" || line == "Y" || line == "yes";
    const bool no = line == "n" || line == "N" || line == "no";
    if (!yes && !no) return view_.note("y or n, please");
    answer(yes);
    if (!questions_.empty()) ask();
}

void Courier::answer(bool yes) {
    const auto number = questions_.front().number;
    questions_.pop_front();
    if (yes) conversation_.command(client::GetFile{number, {}});
    else conversation_.command(client::DeclineFile{number});
}

/// Nobody is there to ask any more.
void Courier::on_replies_end() {
    replies_ended_ = true;
    while (!questions_.empty()) answer(false);
}

/// Ten lines a file at most: they are read in logs too.
void Courier::show(const client::FileProgress& progress) {
    if (!shows_progress_ || progress.file.size == 0) return;
    const auto tenths =
        static_cast<std::uint64_t>(10.0 * static_cast<double>(progress.done) / static_cast<double>(progress.file.size));
    auto& shown = tenths_shown_[progress.file.number];
    if (tenths <= shown) return;
    shown = tenths;
    view_.note(ui::described(progress.file) + ": " + ui::described(progress));
}

void Courier::end_if_done() {
    if (quitting_ || !errand_.is_done()) return linger_.cancel(), void();
    if (!errand_.somebody_hesitates()) return quit(end_patience);
    linger_.expires_after(linger_time);
    linger_.async_wait([this](const boost::system::error_code& error) {
        if (!error) quit(end_patience);
    });
}

void Courier::quit(Duration patience) {
    quitting_ = true;
    // A profile would offer on and on what was sent to whoever wanted it. Who is interrupted goes on next time.
    const bool is_over = home_.is_kept() && errand_.is_done();
    if (is_over) boost::asio::post(context_, [this] { conversation_.command(client::WithdrawOffers{}); });
    boost::asio::post(context_, [this, patience] { conversation_.command(client::Quit{patience}); });
}

}  // namespace parley::app
