// A run on the full screen: several rooms, each in a window with a connection of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "app/conversation.h"
#include "app/display.h"
#include "app/home.h"
#include "app/host.h"
#include "app/options.h"
#include "app/verdict.h"
#include "crypto/random.h"
#include "ui/input.h"

namespace parley::app {

class ScreenSession {
public:
    /// `home` and `host` outlive it.
    ScreenSession(const Options& options, Home& home, Host& host);

    ui::View& open(Room room);
    /// The link of the room that is open, as a QR code over the whole screen.
    void show_link();

    Exit run();
    /// What a person should still read when the screen has gone; may be empty.
    const std::string& last_words() const { return last_words_; }

private:
    struct OpenRoom {
        identity::Link link;
        ui::screen::Window& window;
        std::unique_ptr<Conversation> conversation{};
        std::unique_ptr<ui::screen::Window> closed_window{};
        bool ended = false;
    };

    ui::screen::Screen::Callbacks screen_callbacks();
    OpenRoom& room_of(const ui::screen::Window& window);
    OpenRoom& current() { return room_of(screen_.current()); }

    void on_event(const client::Event& event);
    void on_stop(OpenRoom& room, const client::Stop& stop);
    bool give_up(OpenRoom& room, Error why);
    void close(OpenRoom& room);

    void tell(const ui::screen::Window& window, const client::Command& command);
    void forget_in_time();

    void wait_for_signals();
    void on_signal(int signal);
    void on_bytes(const std::string& bytes);
    void wait_for_silence();
    void on_line(ui::screen::Window& window, const std::string& line);
    void on_command(OpenRoom& room, const client::Command& command);
    void quit(Duration patience);

    void obey(const ui::InviteHere&);
    void obey(const ui::JoinRoom& join);
    void obey(const ui::Keep& wish);
    void ask_for_new_passphrase(const std::string& name);
    void told_of_keeping(const Status& kept);
    void obey(const ui::CloseRoom&);
    void obey(const ui::ShowLink&) { show_link(); }
    void obey(const ui::CopyLink&);
    void obey(const ui::QuitAll& all) { quit(all.patience); }
    void obey(const ui::LockNow&);
    void obey(const ui::LockWhenIdle& wish);
    void obey(const ui::Panic&);
    bool may_lock();
    void on_passphrase(SecretBytes typed);
    void wait_until_idle();

    const Options& options_;
    Home& home_;
    Host& host_;
    crypto::SystemRandom random_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer silence_;
    boost::asio::steady_timer forgetting_;
    bool forgets_ = false;  ///< the timer runs
    boost::asio::steady_timer idle_;
    std::chrono::seconds lock_after_{0};  ///< of nobody typing; 0: never
    ui::screen::Surrounding surrounding_;
    ui::screen::Terminal terminal_;
    ui::screen::Screen screen_;
    Display display_;
    ui::screen::KeyReader keys_;
    std::vector<std::unique_ptr<OpenRoom>> rooms_;
    std::vector<std::unique_ptr<OpenRoom>> closed_;  ///< coroutines of theirs may still end
    std::unique_ptr<ui::InputReader> input_;
    Verdict verdict_;
    std::string last_words_;
};

}  // namespace parley::app
