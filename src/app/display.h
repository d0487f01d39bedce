// Brings the screen's pictures to the terminal: at once after a key, together for what comes in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ui/screen/screen.h"
#include "ui/screen/terminal.h"

namespace parley::app {

class Display {
public:
    Display(boost::asio::io_context& context, ui::screen::Terminal& terminal, ui::screen::Screen& screen)
        : terminal_(terminal), screen_(screen), timer_(context) {}

    /// There is something new: it is drawn within a moment, together with what follows until then.
    void request();
    /// A person waits for it.
    void draw();

private:
    ui::screen::Terminal& terminal_;
    ui::screen::Screen& screen_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point drawn_at_{};
    bool requested_ = false;
};

}  // namespace parley::app
