// parley send and parley recv: a run that ends when the files are where they were to go.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "app/conversation.h"
#include "app/errand.h"
#include "app/host.h"
#include "app/options.h"
#include "app/verdict.h"
#include "ui/input.h"
#include "ui/view.h"

namespace parley::app {

class Courier {
public:
    /// `home` and `host` outlive it.
    Courier(const Options& options, Home& home, Host& host, Room room, ui::View& view);

    Exit send(const std::vector<std::string>& paths);
    /// Asks before each file, unless the user has said yes to all.
    Exit receive(bool yes_to_all);

private:
    Exit run();
    void on_event(const client::Event& event);
    bool give_up(Error why);
    void on_stop(const client::Stop& stop);
    void on_offer(const client::FileInfo& file);
    void ask();
    void on_reply(const std::string& line);
    void on_replies_end();
    void answer(bool yes);
    void show(const client::FileProgress& progress);
    void end_if_done();
    void quit(Duration patience);

    Home& home_;
    ui::View& view_;
    bool shows_progress_;
    bool receiving_ = false;
    bool yes_to_all_ = false;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer linger_;
    Conversation conversation_;
    Errand errand_;
    std::deque<client::FileInfo> questions_;  ///< the first one was asked
    ui::LineCutter replies_;
    std::unique_ptr<ui::InputReader> input_;
    std::map<client::FileNumber, std::uint64_t> tenths_shown_;
    bool replies_ended_ = false;
    bool quitting_ = false;
    std::optional<Exit> exit_;
};

}  // namespace parley::app
