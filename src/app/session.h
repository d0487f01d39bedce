// A run in one room that reads and writes lines: wires conversation, view and input.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>

#include "app/conversation.h"
#include "app/home.h"
#include "app/host.h"
#include "app/options.h"
#include "app/verdict.h"
#include "crypto/random.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/prompt.h"
#include "ui/view.h"

namespace parley::app {

class Session {
public:
    /// `home` and `host` outlive it.
    Session(const Options& options, Home& home, Host& host, Room room, ui::View& view);

    Exit run();

private:
    void on_event(const client::Event& event);
    bool give_up(Error why);
    void on_stop(const client::Stop& stop);
    void read_input();
    void on_bytes(const std::string& bytes);
    void on_line(ui::InputLine line);
    void say_or_obey(const std::string& line);
    void on_input_end();
    void resume_input();
    void keep(const ui::Keep& wish);
    void quit(Duration patience);

    const Options& options_;
    ui::View& view_;
    bool terminal_;  ///< a person types: a slash begins a command
    Home& home_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_;
    Conversation conversation_;
    std::unique_ptr<ui::Prompt> prompt_;  ///< where a person types
    ui::LineCutter lines_;                ///< where lines come from elsewhere
    std::unique_ptr<ui::InputReader> input_;
    std::uint64_t lines_waiting_ = 0;  ///< said and not yet accepted: beyond a bound the reader waits for them
    int pieces_waiting_ = 0;
    Verdict verdict_;
};

}  // namespace parley::app
