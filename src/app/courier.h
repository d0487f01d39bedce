// parley send and parley recv: a run that ends when the files are where they were to go.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <set>

#include "app/conversation.h"
#include "app/host.h"
#include "app/options.h"
#include "app/verdict.h"
#include "ui/input.h"
#include "ui/view.h"

namespace parley::app {

/// What has become of the files of one errand, seen from one end.
class Errand {
public:
    void on_event(const client::Event& event);

    /// Everyone who took a file has it, and nothing is on its way.
    bool is_done() const;
    /// Somebody who is here has not answered yet.
    bool somebody_hesitates() const;
    bool succeeded() const;

private:
    struct File {
        bool ours = false;
        bool broken = false;  ///< cannot be sent at all
        std::set<client::IdentityId> taking{};
        std::set<client::IdentityId> answered{};
        std::size_t arrived = 0;
    };
    void on(const client::FileOffered& event);
    void on(const client::FileAnswered& event);
    void on(const client::FileDone& event);
    void on(const client::FileFailed& event);
    void on(const client::ChannelEstablished& event) { here_.insert(event.person.id); }
    void on(const client::PresenceChanged& event);
    bool is_settled(const File& file) const;
    bool everyone_answered(const File& file) const;

    std::map<client::FileNumber, File> files_;
    std::set<client::IdentityId> here_;
};

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
    void on_stop(const client::Stop& stop);
    void on_offer(const client::FileInfo& file);
    void ask();
    void on_reply(const std::string& line);
    void on_replies_end();
    void answer(bool yes);
    void show(const client::FileProgress& progress);
    void end_if_done();
    void quit(Duration patience);

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
    FirstContact first_contact_;
    bool replies_ended_ = false;
    bool quitting_ = false;
    std::optional<Exit> exit_;
};

}  // namespace parley::app
